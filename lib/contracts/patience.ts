import type { RetryPolicy } from './define-consumer.ts';

/** A time in seconds that chance and the way of failing decide. */
export interface Span {
  readonly least: number;
  /** Nineteen of twenty events take longer. */
  readonly likely: number;
  /** On average, when every attempt fails at once. */
  readonly expected: number;
  /** When every attempt fails as late as it can and every pause is as long as it can be. */
  readonly most: number;
}

/** How long a consumer goes on trying an event that fails, from its first receipt on. */
export interface Patience {
  /** Until the last attempt: an outage that is over by then costs no event. */
  readonly outage: Span;
  /**
   * Seconds until the event is in the dead-letter queue, at the longest. It gets there with its last attempt, or, when the
   * process dies with that one too, at the next delivery.
   */
  readonly deadLetterSeconds: number;
}

export interface PatienceProps {
  readonly retry: RetryPolicy;
  /** Function time-out: how late an attempt can fail. */
  readonly timeoutSeconds: number;
  /** Until the message comes again when the process dies and sets no pause. */
  readonly visibilitySeconds: number;
}

/** An event that waits without having been tried is looked at again after a quarter of an hour at the latest. */
const LONGEST_WAITING_PAUSE_SECONDS = 900;

/** Upper bound in seconds of the pause of an event whose handler has not begun: that is no attempt. */
export function waitingPauseSeconds({ maxDelaySeconds }: RetryPolicy): number {
  return Math.min(LONGEST_WAITING_PAUSE_SECONDS, maxDelaySeconds);
}

/** Five in a hundred of a normal distribution, which a sum of many pauses comes near, lie further below its mean. */
const DEVIATIONS_OF_NINETEEN_IN_TWENTY = 1.645;

/** Works out a consumer's patience from its retry policy, whose pauses have full jitter. */
export function patienceOf(props: PatienceProps): Patience {
  const outage = spanOf(pauseBounds(props.retry), props);
  return { outage, deadLetterSeconds: outage.most + props.visibilitySeconds };
}

/** Upper bounds of the pauses, one after each attempt but the last. */
function pauseBounds({ maxAttempts, firstDelaySeconds, maxDelaySeconds }: RetryPolicy): number[] {
  return Array.from({ length: maxAttempts - 1 }, (_, index) =>
    Math.min(maxDelaySeconds, firstDelaySeconds * 2 ** index),
  );
}

/** A pause is a whole number of seconds from 1 to its bound, each as likely as the others; without a bound it is none. */
function spanOf(bounds: readonly number[], { timeoutSeconds, visibilitySeconds }: PatienceProps): Span {
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

/** Seconds for a person to read, in two digits or so: 17 s, 2.5 min, 13 h, 2.7 days. */
export function describeSeconds(seconds: number): string {
  const [unit, length] = UNITS.find(([, one]) => seconds >= 2 * one) ?? ['s', 1];
  const count = seconds / length;
  return `${count < 10 && length > 1 ? Number(count.toFixed(1)) : Math.round(count)} ${unit}`;
}
