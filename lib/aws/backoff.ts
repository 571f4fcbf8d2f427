/** Bounds of the pauses between attempts. `first` and `longest` have the same unit as the result: milliseconds. */
export interface Backoff {
  /** Upper bound of the first pause. */
  readonly first: number;
  /** Upper bound of every pause. */
  readonly longest: number;
  readonly random: () => number;
}

/**
 * Exponential backoff with full jitter: a random pause between 0 and a bound. The bound doubles with every attempt.
 *
 * @param attempt number of the failed attempt, from 1
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffMilliseconds(attempt: number, { first, longest, random }: Backoff): number {
  return random() * Math.min(longest, first * 2 ** (attempt - 1));
}
