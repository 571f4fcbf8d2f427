import type { EventFacts } from './facts.ts';
import type { IdempotencyRecord } from './record.ts';

/** An event to claim. */
export interface ClaimRequest {
  readonly facts: EventFacts;
  /** Receive count of its message, with this delivery. */
  readonly receiveCount: number;
  /** Whether this is the first delivery of its message. The message is new or was redriven, so its attempts begin at 1. */
  readonly firstDelivery: boolean;
  /** Epoch milliseconds at which its message was first received. Earlier attempts belong to an earlier message. */
  readonly firstReceivedAt: number;
}

/** The outcome of claiming an event. */
export type Claim =
  /** This invocation owns the event until the lease ends. `earlier` is the record of an earlier attempt, which failed. */
  | {
      readonly status: 'claimed';
      readonly attempts: number;
      readonly earlier?: IdempotencyRecord | undefined;
    }
  /** A process died while it had the event. The event is not claimed yet; it may be taken over and handled alone. */
  | { readonly status: 'suspect'; readonly record: IdempotencyRecord }
  /** The event is done, but its emitted events may not be published yet. */
  | { readonly status: 'completed'; readonly record: IdempotencyRecord }
  /** Another invocation holds the lease until `leaseUntil`. */
  | { readonly status: 'leased'; readonly leaseUntil: number }
  /** There was no usable answer. Without a claim, no handler begins. */
  | { readonly status: 'unavailable'; readonly error: Error };
