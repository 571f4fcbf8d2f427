import type { Deadline } from '../deadline.ts';
import type { LeaseContext } from '../idempotency/lease-context.ts';
import type { AcquireSlot } from '../rate-limit/rate-limit.ts';

/** What all handlers of a batch share. */
export interface BatchRun {
  readonly leaseContext: LeaseContext;
  readonly deadline: Deadline;
  /** Waits until a handler may begin. Undefined when the consumer has no rate limit. */
  readonly acquireSlot: AcquireSlot | undefined;
  /** Why no further handler may begin. Undefined when the consumer has no breaker. */
  readonly stop: (() => Error | undefined) | undefined;
}
