import type { LiveEvent } from '../shapes.ts';

/** Time over which a rate is averaged: short enough to show changes, and long enough to be steady. */
const WINDOW_MS = 5_000;

/** An event, and when the page received it, epoch milliseconds. */
export interface SeenEvent extends LiveEvent {
  readonly seenAt: number;
}

/** Matching events per second, over the latest seconds. */
export function publishedPerSecond(
  events: readonly SeenEvent[],
  now: number,
  matches: (event: LiveEvent) => boolean,
): number {
  const recent = events.filter((event) => now - event.seenAt < WINDOW_MS && matches(event));
  return (recent.length * 1_000) / WINDOW_MS;
}
