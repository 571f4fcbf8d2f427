import { isoTime } from './iso-times.ts';

/** A moment as a person reads it: the date and the time of day, with the Z of UTC, which is the one zone of all output. */
export function formatTime(at: number | undefined): string {
  const time = isoTime(at);
  return time === undefined ? '' : `${time.replace('T', ' ').slice(0, 19)}Z`;
}

/** A time span in the largest unit that fits: `850 ms`, `4.2 s`, `3 min`, `2 h`, `5 d`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1_000).toFixed(1)} s`;
  if (milliseconds < 3_600_000) return `${Math.round(milliseconds / 60_000)} min`;
  if (milliseconds < 86_400_000) return `${Math.round(milliseconds / 3_600_000)} h`;
  return `${Math.round(milliseconds / 86_400_000)} d`;
}
