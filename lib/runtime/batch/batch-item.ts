import type { SQSRecord } from 'aws-lambda';
import type { Replay } from '../../contracts/delivery/replay.ts';
import type { ReadEvent } from '../event/read-event.ts';
import type { EventFacts } from '../idempotency/facts.ts';
import type { IdempotencyRecord } from '../idempotency/record.ts';

/** How the handling of an event ended. It decides what happens to the event's messages. */
export type Outcome =
  /** Its effect has happened now: acknowledge the messages. `committed`: a transaction has recorded it already. */
  | { readonly status: 'completed'; readonly committed: boolean; readonly outbox: readonly string[] }
  /** Its effect happened before: acknowledge the messages. */
  | { readonly status: 'duplicate' }
  /** Its data was erased, and the consumer handles no such events: acknowledge the messages. */
  | { readonly status: 'erased' }
  /** Its effect happened before, but its emitted events may not be published: publish them, then acknowledge the messages. */
  | { readonly status: 'committed'; readonly outbox: readonly string[] }
  /** Another invocation holds the lease until `untilMs` (epoch milliseconds): leave the messages in the queue until then. */
  | { readonly status: 'leased'; readonly untilMs: number }
  /** Its handler has not begun: leave the messages in the queue, and count no attempt. */
  | { readonly status: 'released'; readonly error: Error }
  /** It failed and may be retried. `recorded`: the failure is written to the record. */
  | {
      readonly status: 'failed';
      readonly error: Error;
      readonly recorded: boolean;
      readonly digests: readonly string[];
    }
  /** It cannot succeed, or its attempts are used up: send the messages to the dead-letter queue. `givenUpBefore`: its record says so already. */
  | {
      readonly status: 'deadLettered';
      readonly error: Error;
      readonly digests: readonly string[];
      readonly givenUpBefore?: boolean;
    };

/** One event of a batch, with all messages of the batch that contain it. What a replay repeats is another item than the event itself. */
export interface BatchItem extends ReadEvent {
  readonly facts: EventFacts;
  /** The replay that has sent it; undefined when one of its messages is no replay's. */
  readonly replay: Replay | undefined;
  readonly records: readonly [SQSRecord, ...SQSRecord[]];
  /** Receive count of its message, with this delivery. Of several messages, the highest count. */
  readonly receiveCount: number;
  /** Number of the current attempt, from 1: how often a handler has begun with the event. */
  attempt: number;
  /** Epoch milliseconds at which this invocation began with the event; 0 before that. */
  startedAt: number;
  /** Epoch milliseconds at which the handler ended; 0 before that. */
  endedAt: number;
  /** Whether this invocation has claimed the event. */
  claimed: boolean;
  /** The record of an earlier attempt, which failed. */
  earlier?: IdempotencyRecord | undefined;
  /** The record of a process that died while it had this event. The event is not claimed yet. */
  suspect?: IdempotencyRecord | undefined;
  outcome?: Outcome;
  /** Whether the outcome is final: settled, and sent to the dead-letter queue if it is dead. */
  finished: boolean;
}

/** A message that contains no valid event, or one that the consumer refuses. */
export interface UnreadableMessage {
  readonly record: SQSRecord;
  readonly error: Error;
  /** Whether it was sent to the dead-letter queue, or refused by it. */
  finished: boolean;
}

export function receiveCountOf(record: SQSRecord): number {
  return Number(record.attributes.ApproximateReceiveCount);
}

/** Whether the messages of an event stay in the queue, to be delivered again. */
export function comesAgain({ outcome }: BatchItem): boolean {
  return (
    !outcome || outcome.status === 'failed' || outcome.status === 'released' || outcome.status === 'leased'
  );
}

/** The message group of a message on a FIFO queue, where the group keeps its order. Undefined on a standard queue, where a group only gives fairness. */
export function orderedGroupOf(record: SQSRecord): string | undefined {
  return record.eventSourceARN.endsWith('.fifo') ? record.attributes.MessageGroupId : undefined;
}
