import { isTimestamp } from '../../contracts/envelope/attribute-types.ts';
import type { TimeoutDelay } from './transitions.ts';

const MS_PER_SECOND = 1_000;

/**
 * The RFC 3339 time of a time-out. One that has passed is at once.
 *
 * @param now epoch milliseconds
 * @throws TypeError when it is none, such as a text without a zone, or negative seconds
 */
export function timeoutTime(when: TimeoutDelay, now: number): string {
  const time = new Date(epochOf(when, now));
  if (!Number.isNaN(time.getTime())) return time.toISOString();
  throw new TypeError(
    `a time-out is set for ${JSON.stringify(when)}; give { in: seconds }, 0 or more, or { at: time }, a Date or a text such as '2026-01-31T12:00:00Z'`,
  );
}

function epochOf(when: TimeoutDelay, now: number): number {
  if ('in' in when) return when.in >= 0 ? now + when.in * MS_PER_SECOND : Number.NaN;
  const { at } = when;
  if (at instanceof Date) return at.getTime();
  return isTimestamp(at) ? Date.parse(at) : Number.NaN;
}
