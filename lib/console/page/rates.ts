import type { PassingEvent } from '../shapes.ts';

/** Over how long a rate is taken: short enough to move, long enough not to jump. */
const WINDOW_MS = 5_000;

/** An event with the moment it was seen, epoch milliseconds. */
export interface SeenEvent extends PassingEvent {
  readonly seenAt: number;
}

/** Events a second that passed and fit, over the latest seconds. */
export function publishedPerSecond(
  events: readonly SeenEvent[],
  now: number,
  fits: (event: PassingEvent) => boolean,
): number {
  const recent = events.filter((event) => now - event.seenAt < WINDOW_MS && fits(event));
  return (recent.length * 1_000) / WINDOW_MS;
}
