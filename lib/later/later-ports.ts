import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Clock } from '../aws/clock.ts';
import type { TopicPublisher } from '../publishing/topic/topic-publisher.ts';
import type { Cancellations } from './cancellations.ts';
import type { Schedules } from './schedules.ts';

/** What the function of the queue of later events works with. */
export interface LaterPorts {
  readonly sqs: Pick<SQSClient, 'send'>;
  readonly publisher: TopicPublisher;
  readonly cancellations: Cancellations;
  readonly schedules: Schedules;
  /** URL of the queue that the messages come from. */
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly clock: Clock;
  readonly log: {
    info(message: string, details: Readonly<Record<string, unknown>>): void;
    error(message: string, details: Readonly<Record<string, unknown>>): void;
  };
}

/** A message of SQS, as Lambda hands it over. */
export interface LaterRecord {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: { readonly ApproximateReceiveCount: string };
}

/**
 * What becomes of a message. `again`: it stays in the queue, and comes again after so many seconds, early or because something failed. `dead`:
 * it goes to the dead-letter queue.
 */
export type LaterOutcome =
  | { readonly status: 'published' | 'scheduled' | 'cancelled' | 'cancellation' }
  | { readonly status: 'again'; readonly seconds: number; readonly error?: Error }
  | { readonly status: 'dead'; readonly error: Error };
