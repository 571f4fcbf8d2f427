import { type RateLimit, SLOT_TOLERANCE_MS, slotIntervalMs } from '../contracts/rate-limit.ts';
import type { Clock } from './clock.ts';
import { NotBegun } from './failures.ts';
import type { Tenancy } from './idempotency/tenancy.ts';
import { bookSlots } from './rate-limit-slots.ts';

/** Resolves when a handler may begin. Called when it could: the turns are given in the order of the calls. */
export type Turn = () => Promise<void>;

export interface TurnsProps {
  readonly rateLimit: RateLimit;
  readonly tenancy: Tenancy;
  readonly clock: Clock;
  /** Epoch milliseconds after which no handler should begin. */
  readonly latest: number;
}

/**
 * Gives the handlers of one batch their turns, so that those of all instances together never begin faster than the
 * limit allows. Handlers that ask at the same moment share one request.
 *
 * A handler begins within a tolerance after its slot. When the process stood still or was busy for longer, the slot
 * is lost: to begin now would be too soon for whoever has the next one, so another is booked.
 *
 * @returns a turn, which throws NotBegun when there is no time left for one
 */
export function createTurns({ rateLimit, tenancy, clock, latest }: TurnsProps): Turn {
  const intervalMs = slotIntervalMs(rateLimit);
  let asking = 0;
  let first: Promise<number> | undefined;
  /** A booking that takes long is late for the slots of the present: the next one aims as far ahead. */
  let leadMs = 0;
  const tooLate = clock.sleep(latest - clock.now(), { ref: false }).then(() => {
    throw new NotBegun();
  });
  // Nobody may be waiting for an answer when it is too late for one.
  tooLate.catch(() => undefined);

  const book = async (): Promise<number> => {
    // The others that ask at this moment have a microtask to do so.
    await undefined;
    const count = asking;
    asking = 0;
    first = undefined;
    return bookSlots(tenancy, { count, intervalMs, earliest: clock.now() + leadMs, latest });
  };

  return async () => {
    for (;;) {
      const place = asking++;
      first ??= book();
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
