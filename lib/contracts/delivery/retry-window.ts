import type { RetryPolicy } from '../define-consumer.ts';

/** A time in seconds that depends on random delays and on how attempts fail. */
export interface Span {
  /** The minimum. */
  readonly least: number;
  /** 95 % of events take longer than this. */
  readonly likely: number;
  /** The average when every attempt fails immediately. */
  readonly expected: number;
  /** The maximum: every attempt fails as late as possible, and every pause has its maximum length. */
  readonly most: number;
}

/** How long a consumer retries a failing event, from its first receipt. */
export interface RetryWindow {
  /** The time until the last attempt. An outage that ends before it loses no event. */
  readonly outage: Span;
  /**
   * Maximum seconds until the event is in the dead-letter queue. It goes there after its last attempt or, when the process dies in that
   * attempt, at the next delivery.
   */
  readonly deadLetterSeconds: number;
}

export interface RetryWindowProps {
  readonly retry: RetryPolicy;
  /** Time-out of the function, in seconds: the latest time at which an attempt can fail. */
  readonly timeoutSeconds: number;
  /** Visibility timeout of the queue, in seconds: when a message is delivered again after its process died. */
  readonly visibilitySeconds: number;
}

/** An event that waits without an attempt is delivered again after 15 minutes at the latest. */
const LONGEST_WAITING_PAUSE_SECONDS = 900;

/** Upper bound, in seconds, of the pause of an event whose handler has not begun. */
export function waitingPauseSeconds({ maxDelaySeconds }: RetryPolicy): number {
  return Math.min(LONGEST_WAITING_PAUSE_SECONDS, maxDelaySeconds);
}

/** In a normal distribution, 5 % of values are more than this many deviations below the mean. A sum of many pauses is nearly normal. */
const DEVIATIONS_OF_NINETEEN_IN_TWENTY = 1.645;

/** Calculates the retry window from a retry policy, whose pauses have full jitter. */
export function retryWindowOf(props: RetryWindowProps): RetryWindow {
  const outage = spanOf(pauseBounds(props.retry), props);
  return { outage, deadLetterSeconds: outage.most + props.visibilitySeconds };
}

/** Upper bounds of the pauses. There is one pause after each attempt, except the last. */
function pauseBounds({ maxAttempts, firstDelaySeconds, maxDelaySeconds }: RetryPolicy): number[] {
  return Array.from({ length: maxAttempts - 1 }, (_, index) =>
    Math.min(maxDelaySeconds, firstDelaySeconds * 2 ** index),
  );
}

/** The time of all pauses. A pause is an integer from 1 to its bound, with equal probability. With a bound below 1 there is no pause. */
function spanOf(bounds: readonly number[], { timeoutSeconds, visibilitySeconds }: RetryWindowProps): Span {
  const pauses = bounds.filter((bound) => bound >= 1);
  const least = pauses.length;
  const expected = sum(pauses.map((bound) => (1 + bound) / 2));
  const deviation = Math.sqrt(sum(pauses.map((bound) => (bound ** 2 - 1) / 12)));
  const likely = Math.max(least, expected - DEVIATIONS_OF_NINETEEN_IN_TWENTY * deviation);
  const most = sum(bounds.map((bound) => Math.max(visibilitySeconds, timeoutSeconds + bound)));
  return { least, likely, expected, most };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

const UNITS = [
  ['days', 86_400],
  ['h', 3_600],
  ['min', 60],
] as const;

/** Formats seconds for people, with about two digits: 17 s, 2.5 min, 13 h, 2.7 days. */
export function describeSeconds(seconds: number): string {
  const [unit, length] = UNITS.find(([, one]) => seconds >= 2 * one) ?? ['s', 1];
  const count = seconds / length;
  return `${count < 10 && length > 1 ? Number(count.toFixed(1)) : Math.round(count)} ${unit}`;
}
