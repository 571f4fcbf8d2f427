/** What the console's server and its page say to each other. Times are epoch milliseconds unless they are text. */

export type { DeadLetter } from '../ops/dead-letters/dead-letter.ts';
export type { ConsumerStatus, Status } from '../ops/status.ts';
export type { Handling, StoryEvent } from '../ops/trace/story.ts';

/** An event that passed the topic. */
export interface PassingEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time?: string | undefined;
  readonly correlationid?: string | undefined;
  /** The whole envelope, as JSON. */
  readonly text: string;
}

/** An event of the contracts, ready to be published. */
export interface PublishableEvent {
  readonly type: string;
  readonly description: string;
  /** An example of the data, as indented JSON. */
  readonly example: string;
}

export interface KeptMail {
  readonly messageId: string;
  readonly time: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}
