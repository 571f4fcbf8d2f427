import type { EventFacts } from './facts.ts';
import type { IdempotencyRecord } from './record.ts';

/** How an event has ended with this invocation, as its record has to say it. */
export type Settlement = {
  readonly facts: EventFacts;
  /** Whether this invocation has claimed the event before its handler began. */
  readonly claimed: boolean;
} & (Completed | Published | Unpublished | Failed | Released);

/** Handled without a commit, and nothing is left to publish. */
interface Completed {
  readonly as: 'completed';
  /** The types of what was emitted and published, in their order. */
  readonly emitted: readonly string[];
}

/** Committed before, by whichever invocation, and now its events are published. */
interface Published {
  readonly as: 'published';
  readonly emitted: readonly string[];
}

/** Handled without a commit, but not all of its events are published: a redelivery has to do it. */
interface Unpublished {
  readonly as: 'unpublished';
  readonly outbox: readonly string[];
}

/** The handler has failed, for now or for good. */
interface Failed {
  readonly as: 'failed';
  readonly error: Error;
  /** Digests of what it emitted before. */
  readonly digests: readonly string[];
}

/** Claimed, but its handler has not begun: the claim is given back, and counts as no attempt. */
interface Released {
  readonly as: 'released';
}

/** What the record says after all. */
export type Verdict =
  /** What was to be noted. */
  | { readonly kind: 'settled' }
  /** That the event is done, whoever did it; `earlier` is given when that was another event under the same identity. */
  | { readonly kind: 'finished'; readonly earlier?: IdempotencyRecord }
  /** That the event is done but for its events, which a redelivery publishes. */
  | { readonly kind: 'committed' }
  /** That another invocation has the event. */
  | { readonly kind: 'taken'; readonly leaseUntil: number }
  /** Nothing that can be relied upon: there was no answer. */
  | { readonly kind: 'unavailable'; readonly error: Error };
