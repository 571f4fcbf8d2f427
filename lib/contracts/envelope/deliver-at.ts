import type { Problem } from '../text/problem.ts';

/** The furthest time of an event that comes later, in days after it is published. */
export const MAX_DELAY_DAYS = 365;

const DAY_MS = 86_400_000;

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
