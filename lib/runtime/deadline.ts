import type { Clock } from './clock.ts';
import { DeadlineExceeded, OutOfTime } from './failures.ts';

/** What publishing, settling and answering need after the last handler, at most. */
const MARGIN_MS = 2_000;
/** Short time-outs give up a fifth instead. */
const MARGIN_SHARE = 0.2;
/** Of the margin: what is left for settling when publishing has taken all the time it may. */
const SETTLING_SHARE = 0.5;
/** Of the margin: what is left for the answer when settling has taken all the time it may. */
const ANSWERING_SHARE = 0.1;

/** The end of an invocation's time: for its handlers, then for publishing, then for everything else. */
export interface Deadline {
  /** Epoch milliseconds at which Lambda ends the invocation. */
  readonly endsAt: number;
  /** Epoch milliseconds at which the handlers' time is over. */
  readonly handlersEndAt: number;
  /** Epoch milliseconds at which publishing has to end, so that there is time to note what is not published. */
  readonly publishingEndsAt: number;
  /** Epoch milliseconds at which the last request has to end. */
  readonly settlingEndsAt: number;
  /** Fires when handlers should stop. */
  readonly signal: AbortSignal;
  /** Whether it is too late to begin anything: the process may have stood still, or a queue of events took its time. */
  passed(): boolean;
  /** Waits for a handler, but not beyond its time. @throws DeadlineExceeded when it is still running then */
  race<T>(work: Promise<T>): Promise<T>;
}

/** @param remainingMs what is left of the invocation, as Lambda tells */
export function createDeadline(clock: Clock, remainingMs: number): Deadline {
  const margin = Math.min(MARGIN_MS, remainingMs * MARGIN_SHARE);
  const budget = remainingMs - margin;
  const endsAt = clock.now() + remainingMs;
  const controller = new AbortController();
  // Unreferenced: a deadline that nobody waits for any more must not keep the process from freezing or ending.
  const expired = clock.sleep(budget, { ref: false }).then(() => {
    const error = new DeadlineExceeded(Math.round(budget));
    controller.abort(error);
    throw error;
  });
  // Nobody may be racing when it expires; whoever races is told through race().
  expired.catch(() => undefined);
  return {
    endsAt,
    handlersEndAt: endsAt - margin,
    publishingEndsAt: endsAt - margin * SETTLING_SHARE,
    settlingEndsAt: endsAt - margin * ANSWERING_SHARE,
    passed: () => clock.now() >= endsAt - margin,
    signal: controller.signal,
    race: (work) => Promise.race([work, expired]),
  };
}

/**
 * Waits for a request, but not longer than there is time for: whoever does not answer must not take the other events of
 * the batch along.
 *
 * @param until epoch milliseconds at which the request's signal fires
 * @param graceMs how long it may take after that to say what it has done by then
 * @throws OutOfTime when there is no answer by then; the request may still be executed
 */
export async function withinTime<T>(
  clock: Clock,
  until: number,
  request: (signal: AbortSignal) => Promise<T>,
  what: string,
  graceMs = 0,
): Promise<T> {
  const answered = new AbortController();
  const late = new AbortController();
  const { signal } = answered;
  const timeout = clock.sleep(Math.max(0, until - clock.now()), { ref: false, signal }).then(async () => {
    const error = new OutOfTime(what);
    late.abort(error);
    if (graceMs > 0) await clock.sleep(graceMs, { ref: false, signal });
    throw error;
  });
  // Cancelled when the answer comes first; then nobody waits for it.
  timeout.catch(() => undefined);
  try {
    return await Promise.race([request(late.signal), timeout]);
  } finally {
    answered.abort();
  }
}
