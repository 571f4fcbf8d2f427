/** What the console's server and its page say to each other. Times are epoch milliseconds unless they are text. */

/** The deployment at a glance; what the page knows from the start. */
export interface Deployment {
  readonly name: string;
  readonly local: boolean;
  /** Dead letters may be looked at, and nothing more. */
  readonly readOnly: boolean;
}

/** One consumer as it is now. */
export interface ConsumerStatus {
  readonly name: string;
  /** Types on the wire that its subscription lets through. */
  readonly types: readonly string[];
  readonly filterPolicy: string;
  readonly waiting: number;
  readonly inFlight: number;
  readonly oldestAgeSeconds?: number;
  readonly dead: number;
  readonly undelivered: number;
  /** Alarms that are on. */
  readonly alarms: readonly string[];
}

export interface Status {
  readonly at: number;
  readonly consumers: readonly ConsumerStatus[];
}

/** An event that passed the topic. */
export interface PassingEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time?: string;
  readonly correlationid?: string;
  /** The whole envelope, as JSON. */
  readonly text: string;
}

/** A message of a dead-letter queue, with the reason why it is there. */
export interface DeadLetter {
  readonly messageId: string;
  readonly errorName: string;
  readonly errorMessage: string;
  readonly attempts?: number;
  readonly firstAt?: number;
  readonly lastAt?: number;
  readonly eventId?: string;
  readonly source?: string;
  readonly type?: string;
  readonly correlationId?: string;
  readonly body: string;
}

/** An event of the contracts, ready to be published. */
export interface PublishableEvent {
  readonly type: string;
  readonly description: string;
  /** An example of the data, as indented JSON. */
  readonly example: string;
}

/** An event with what came of it. */
export interface StoryEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly at?: number;
  readonly handlings: readonly Handling[];
}

/** One event at one consumer. */
export interface Handling {
  readonly consumer: string;
  readonly status: string;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly attempts?: number;
  readonly error?: string;
  readonly emitted: readonly StoryEvent[];
}

export interface KeptMail {
  readonly messageId: string;
  readonly time: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}
