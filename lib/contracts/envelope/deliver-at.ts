import type { Problem } from '../text/problem.ts';
import { shownValue } from '../text/shown-value.ts';

/** The furthest time of an event that comes later, in days after it is published. */
export const MAX_DELAY_DAYS = 365;

const DAY_MS = 86_400_000;
/** Epoch milliseconds of the year 0, the first one that RFC 3339 can write. @see https://www.rfc-editor.org/rfc/rfc3339#section-1 */
const YEAR_0_MS = -62_167_219_200_000;

/** An event, as far as its time of delivery goes. */
interface Timed {
  readonly deliverat?: string | undefined;
}

/** Epoch milliseconds at which an event is delivered; undefined when it comes at once. The envelope's check has accepted the event. */
export function deliveryTime({ deliverat }: Timed): number | undefined {
  return deliverat === undefined ? undefined : Date.parse(deliverat);
}

/**
 * Why an event cannot be published now, because it comes too late. Every way to publish uses this check. A reader does not: whether it holds
 * depends on when the event was published.
 *
 * @param now epoch milliseconds
 */
export function delayProblem(event: Timed, now: number): Problem | undefined {
  const at = deliveryTime(event);
  if (at === undefined || at <= now + MAX_DELAY_DAYS * DAY_MS) return undefined;
  return {
    pointer: '/deliverat',
    detail: `is more than ${MAX_DELAY_DAYS} days ahead; publish the event nearer to that time`,
  };
}

/** When an event is delivered, as whoever emits or publishes it says it. */
export interface DeliveryOptions {
  /** A text is an RFC 3339 time. @default - at once */
  readonly at?: Date | string | undefined;
  /** In how many seconds; instead of `at`. @default - at once */
  readonly in?: number | undefined;
}

/**
 * The attribute `deliverat` of a new event; undefined when it comes at once.
 *
 * @param now epoch milliseconds
 * @throws TypeError when the options contradict each other or are no time; a text is checked with the envelope
 */
export function deliverAtOf({ at, in: seconds }: DeliveryOptions, now: number): string | undefined {
  if (at !== undefined && seconds !== undefined)
    throw new TypeError('an event has at and in; leave one of both out');
  if (typeof at === 'string') return at;
  if (at instanceof Date) return textOf(at.getTime(), 'at is an invalid Date');
  if (at !== undefined)
    refuse(`at is ${shownValue(at)}; it is a Date or a text such as 2026-12-31T12:00:00Z`);
  if (seconds === undefined) return undefined;
  const problem = `in is ${shownValue(seconds)}; it is a number of seconds`;
  return typeof seconds === 'number' ? textOf(now + seconds * 1_000, problem) : refuse(problem);
}

function textOf(time: number, problem: string): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) refuse(problem);
  // A time that has passed is at once, whenever it was.
  return new Date(Math.max(time, YEAR_0_MS)).toISOString();
}

function refuse(problem: string): never {
  throw new TypeError(`an event cannot come later: ${problem}`);
}
