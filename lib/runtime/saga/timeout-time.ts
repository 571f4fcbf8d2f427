import { isTimestamp } from '../../contracts/envelope/attribute-types.ts';
import { type DeliveryOptions, deliverAtOf } from '../../contracts/envelope/deliver-at.ts';
import { shownValue } from '../../contracts/text/shown-value.ts';
import type { TimeoutDelay } from './transitions.ts';

/**
 * The RFC 3339 time of a time-out, in UTC. One that has passed is at once. It refuses what `ctx.emit` refuses, and negative seconds.
 *
 * @param now epoch milliseconds
 * @throws TypeError when it is none, such as a text without a zone, or negative seconds
 */
export function timeoutTime(when: TimeoutDelay, now: number): string {
  const { at, in: seconds }: DeliveryOptions = when;
  const text = deliverAtOf({ at: isTimestamp(at) ? new Date(String(at)) : at, in: seconds }, now);
  if (text !== undefined && isTimestamp(text) && (seconds ?? 0) >= 0) return text;
  throw new TypeError(
    `a time-out is set for ${shownValue(at ?? seconds)}; give { in: seconds }, 0 or more, or { at: time }, a Date or a text such as '2026-01-31T12:00:00Z'`,
  );
}
