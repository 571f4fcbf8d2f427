import type { EventFacts } from './facts.ts';
import type { IdempotencyRecord } from './record.ts';

/** How an event ended in this invocation, as the record has to store it. */
export type Settlement = {
  readonly facts: EventFacts;
  /** Whether this invocation has claimed the event before its handler began. */
  readonly claimed: boolean;
  /** Epoch milliseconds at which this invocation began with the event. */
  readonly startedAt: number;
} & (Completed | Published | Unpublished | Failed | Released);

/** Handled without a commit, and all emitted events are published. */
interface Completed {
  readonly status: 'completed';
  /** Types of the emitted and published events, in order. */
  readonly emitted: readonly string[];
}

/** Committed before, by any invocation; its emitted events are published now. */
interface Published {
  readonly status: 'published';
  readonly emitted: readonly string[];
}

/** Handled without a commit, but some emitted events are not published: a redelivery has to publish them. */
interface Unpublished {
  readonly status: 'committed';
  readonly outbox: readonly string[];
}

/** The handler has failed, or the event is dead. */
interface Failed {
  readonly status: 'failed';
  readonly error: Error;
  /** Whether the event goes to the dead-letter queue. */
  readonly dead: boolean;
  /** Number of the failed attempt, and the epoch milliseconds at which it ended. */
  readonly attempt: number;
  readonly endedAt: number;
  /** Digests of the events that it emitted before it failed. */
  readonly digests: readonly string[];
}

/** Claimed, but its handler has not begun: the claim is released, and no attempt is counted. */
interface Released {
  readonly status: 'released';
  /** The record as a process that died has left it. It is put back: the event may have ended that process, and must not be handled with others. */
  readonly suspect?: IdempotencyRecord | undefined;
}

/** What the record says after settling. */
export type Verdict =
  /** The settlement was written. */
  | { readonly status: 'settled' }
  /** An invocation has finished the event. `earlier` is set when the record belongs to another event with the same identity. */
  | { readonly status: 'completed'; readonly earlier?: IdempotencyRecord }
  /** The event is done, but its emitted events are not published yet. A redelivery publishes them. */
  | { readonly status: 'committed' }
  /** Another invocation has the event. */
  | { readonly status: 'leased'; readonly leaseUntil: number }
  /** There was no usable answer, so the record's content is not known. */
  | { readonly status: 'unavailable'; readonly error: Error };
