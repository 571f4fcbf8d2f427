import type { SQSRecord } from 'aws-lambda';
import type { EventFacts } from './idempotency/facts.ts';
import type { ReadEvent } from './read-event.ts';

/** How the handling of an event ended, and so what becomes of its messages. */
export type Outcome =
  /** Its effect has happened now: acknowledge. `committed` tells that a transaction has recorded it already. */
  | { readonly kind: 'done'; readonly committed: boolean; readonly outbox: readonly string[] }
  /** Its effect had happened before: acknowledge. */
  | { readonly kind: 'duplicate' }
  /** Its effect had happened before, but its events may be missing: publish them, then acknowledge. */
  | { readonly kind: 'unpublished'; readonly outbox: readonly string[] }
  /** Somebody else is at it: leave the message until then. */
  | { readonly kind: 'busy'; readonly untilMs: number }
  /** It failed and may be tried again; `recorded` tells whether the record has to hear of it. */
  | { readonly kind: 'failed'; readonly error: Error; readonly recorded: boolean }
  /** It cannot succeed: to the dead-letter queue. */
  | { readonly kind: 'dead'; readonly error: Error };

/** One event of a batch, with every message of the batch that carries it. */
export interface Job extends ReadEvent {
  readonly facts: EventFacts;
  readonly records: readonly [SQSRecord, ...SQSRecord[]];
  /** How often the message has been received, this time included. */
  readonly attempt: number;
  outcome?: Outcome;
}

/** A message that carries no event. */
export interface Poison {
  readonly record: SQSRecord;
  readonly error: Error;
}

export function receiveCountOf(record: SQSRecord): number {
  return Number(record.attributes.ApproximateReceiveCount);
}
