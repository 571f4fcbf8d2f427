import type { SQSRecord } from 'aws-lambda';
import type { EventFacts } from './idempotency/facts.ts';
import type { IdempotencyRecord } from './idempotency/record.ts';
import type { ReadEvent } from './read-event.ts';

/** How the handling of an event ended, and so what becomes of its messages. */
export type Outcome =
  /** Its effect has happened now: acknowledge. `committed` tells that a transaction has recorded it already. */
  | { readonly kind: 'done'; readonly committed: boolean; readonly outbox: readonly string[] }
  /** Its effect had happened before: acknowledge. */
  | { readonly kind: 'duplicate' }
  /** Its effect had happened before, but its events may be missing: publish them, then acknowledge. */
  | { readonly kind: 'unpublished'; readonly outbox: readonly string[] }
  /** Another invocation holds the lease: leave the message until then. */
  | { readonly kind: 'busy'; readonly untilMs: number }
  /** Its handler has not begun: leave the message, and count no attempt. */
  | { readonly kind: 'waiting'; readonly error: Error }
  /** It failed and may be tried again; `recorded` tells whether to write the failure to the record. */
  | {
      readonly kind: 'failed';
      readonly error: Error;
      readonly recorded: boolean;
      readonly digests: readonly string[];
    }
  /** It cannot succeed, or has been tried often enough: to the dead-letter queue. */
  | { readonly kind: 'dead'; readonly error: Error; readonly digests: readonly string[] };

/** One event of a batch, with every message of the batch that carries it. */
export interface Job extends ReadEvent {
  readonly facts: EventFacts;
  readonly records: readonly [SQSRecord, ...SQSRecord[]];
  /** How often its message has been received, this time included; of several messages, the most. */
  readonly receiveCount: number;
  /** How often a handler has begun with the event, this time included. */
  attempt: number;
  /** Whether this invocation has claimed the event. */
  claimed: boolean;
  /** The record of an attempt that failed before. */
  earlier?: IdempotencyRecord | undefined;
  /** The record that a process left behind when it died: the event is not claimed yet. */
  suspect?: IdempotencyRecord | undefined;
  outcome?: Outcome;
  /** Whether the outcome is final: settled, and buried if it is dead. */
  finished: boolean;
}

/** A message that carries no event. */
export interface Poison {
  readonly record: SQSRecord;
  readonly error: Error;
  /** Whether it has been sent to the dead-letter queue, or refused there. */
  finished: boolean;
}

export function receiveCountOf(record: SQSRecord): number {
  return Number(record.attributes.ApproximateReceiveCount);
}

/** Whether the messages of an event are to be delivered again. */
export function comesAgain({ outcome }: Job): boolean {
  return !outcome || outcome.kind === 'failed' || outcome.kind === 'waiting' || outcome.kind === 'busy';
}

/** The message group of a message on a FIFO queue, which orders its groups; on a standard queue the group is about fairness. */
export function orderedGroupOf(record: SQSRecord): string | undefined {
  return record.eventSourceARN.endsWith('.fifo') ? record.attributes.MessageGroupId : undefined;
}
