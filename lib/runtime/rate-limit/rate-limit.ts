import type { Clock } from '../../aws/clock.ts';
import { type RateLimit, SLOT_TOLERANCE_MS, slotIntervalMs } from '../../contracts/delivery/rate-limit.ts';
import { NotBegunError } from '../errors.ts';
import type { LeaseContext } from '../idempotency/lease-context.ts';
import { reserveSlots } from './rate-limit-slots.ts';

/** Waits until a handler may begin. Slots are given in the order of the calls. */
export type AcquireSlot = () => Promise<void>;

export interface RateLimiterProps {
  readonly rateLimit: RateLimit;
  readonly leaseContext: LeaseContext;
  readonly clock: Clock;
  /** Epoch milliseconds after which no handler should begin. */
  readonly latest: number;
}

/**
 * Creates the rate limiter of one batch. All instances together never begin handlers faster than the limit allows. Handlers that ask at
 * the same moment share one request.
 *
 * A handler begins at its slot, or within a tolerance after it. If the process was paused or busy for longer, the slot is lost, because a
 * handler that begins now could be too close to the next slot. Then another slot is reserved.
 *
 * @returns a function that waits for a slot, and throws NotBegunError when there is no time left for one
 */
export function createRateLimiter({ rateLimit, leaseContext, clock, latest }: RateLimiterProps): AcquireSlot {
  const intervalMs = slotIntervalMs(rateLimit);
  let waiting = 0;
  let first: Promise<number> | undefined;
  /** How late the last reservation was. When a request takes long, its slots are already over, so the next one asks for later slots. */
  let leadMs = 0;
  const tooLate = clock.sleep(latest - clock.now(), { ref: false }).then(() => {
    throw new NotBegunError();
  });
  // Prevents an unhandled rejection when nobody waits.
  tooLate.catch(() => undefined);

  const reserve = async (): Promise<number> => {
    // Waits one microtask, so that all handlers that ask at this moment share the request.
    await undefined;
    const count = waiting;
    waiting = 0;
    first = undefined;
    return reserveSlots(leaseContext, { count, intervalMs, earliest: clock.now() + leadMs, latest });
  };

  return async () => {
    for (;;) {
      const place = waiting++;
      first ??= reserve();
      const slot = (await Promise.race([first, tooLate])) + place * intervalMs;
      for (let wait = slot - clock.now(); wait > 0; wait = slot - clock.now()) {
        await clock.sleep(Math.ceil(wait));
      }
      const lateMs = clock.now() - slot;
      if (lateMs <= SLOT_TOLERANCE_MS) return;
      leadMs = Math.max(leadMs, lateMs);
    }
  };
}
