import { advance } from './advance.ts';
import { type TimedParts, timedWorkOf } from './timed-work.ts';

/**
 * Lets time pass at once: schedules that become due are sent, and hidden messages become visible, each at its time. Functions see the time
 * that has passed. What stays real: time to live in tables, alarms, retention, and the time-outs of functions.
 *
 * @param timeoutSeconds how long functions may work at each moment at which something happens, in real time
 * @throws RangeError when `seconds` is no positive number
 * @throws Error that names what is still going on after the time-out
 */
export type Advance = (seconds: number, timeoutSeconds: number) => Promise<void>;

/** Lets time pass for these parts: what asks meanwhile waits for its turn. */
export function createAdvance(parts: TimedParts): Advance {
  const work = timedWorkOf(parts);
  let advancing: Promise<void> = Promise.resolve();
  return (seconds, timeoutSeconds) => {
    const run = advancing.then(() => advance(work, { seconds, timeoutSeconds }));
    // Whoever asked hears of a failure.
    advancing = run.catch(() => undefined);
    return run;
  };
}
