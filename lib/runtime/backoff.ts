/** How a pause grows. */
export interface Backoff {
  /** Upper bound of the first pause. */
  readonly first: number;
  /** Upper bound of every pause. */
  readonly longest: number;
  readonly random: () => number;
}

/**
 * Exponential backoff with full jitter: anything between nothing and a bound that doubles with every attempt.
 *
 * @param attempt 1 for the first failure
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function backoffMilliseconds(attempt: number, { first, longest, random }: Backoff): number {
  return random() * Math.min(longest, first * 2 ** (attempt - 1));
}
