import type { ReplayState } from '../replay-state.ts';

const FIRST_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 240_000;
/** The pauses grow with the time that it waits. */
const PART_OF_WAIT = 1 / 4;
/** An archive that works is complete after minutes. It is not given up while it catches up after a short outage. */
const GIVE_UP_MS = 6 * 3_600_000;

/** Milliseconds until the next look. @param waitsSince epoch milliseconds @param now epoch milliseconds */
export function pauseOf(waitsSince: number, now: number): number {
  return Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, (now - waitsSince) * PART_OF_WAIT));
}

/** Why a replay waits no longer; undefined while it does. The time before its end does not count. @param now epoch milliseconds */
export function problemOf(
  { to, plannedTo, waitsSince = 0 }: Pick<ReplayState, 'to' | 'plannedTo' | 'waitsSince'>,
  now: number,
): string | undefined {
  if (now - Math.max(waitsSince, to) < GIVE_UP_MS) return undefined;
  return (
    `the archive is still not complete up to ${new Date(to).toISOString()}, after ${GIVE_UP_MS / 3_600_000} hours without progress; ` +
    `what arrived before ${new Date(plannedTo).toISOString()} is sent. See why the queue of the archive is not emptied, and resume the replay`
  );
}
