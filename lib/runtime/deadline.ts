import type { Clock } from './clock.ts';
import { DeadlineExceeded } from './failures.ts';

/** What settling, publishing and answering need after the last handler, at most. */
const MARGIN_MS = 2_000;
/** Short time-outs give up a fifth instead. */
const MARGIN_SHARE = 0.2;

/** The end of an invocation's time for its handlers. */
export interface Deadline {
  /** Epoch milliseconds at which Lambda ends the invocation. */
  readonly endsAt: number;
  /** Fires when handlers should stop. */
  readonly signal: AbortSignal;
  /** Whether it is too late to begin anything: the process may have stood still, or a queue of events took its time. */
  passed(): boolean;
  /** Waits for work, but not beyond the deadline. @throws DeadlineExceeded when it is still running then */
  race<T>(work: Promise<T>): Promise<T>;
}

/** @param remainingMs what is left of the invocation, as Lambda tells */
export function createDeadline(clock: Clock, remainingMs: number): Deadline {
  const budget = remainingMs - Math.min(MARGIN_MS, remainingMs * MARGIN_SHARE);
  const startedAt = clock.now();
  const controller = new AbortController();
  // Unreferenced: a deadline that nobody waits for any more must not keep the process from freezing or ending.
  const expired = clock.sleep(budget, { ref: false }).then(() => {
    const error = new DeadlineExceeded(Math.round(budget));
    controller.abort(error);
    throw error;
  });
  // Nobody may be racing when it expires; whoever races hears of it through race().
  expired.catch(() => undefined);
  return {
    endsAt: startedAt + remainingMs,
    passed: () => clock.now() >= startedAt + budget,
    signal: controller.signal,
    race: (work) => Promise.race([work, expired]),
  };
}
