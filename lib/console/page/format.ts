const UNITS = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
] as const;

/** Seconds as a person says them: `45 s`, `3 min`, `2 h`. */
export function formatSeconds(seconds: number): string {
  const [size, unit] = UNITS.find(([limit]) => seconds >= 2 * limit) ?? [1, 's'];
  return `${Math.round(seconds / size)} ${unit}`;
}

/** Milliseconds as a person says them: `12 ms`, `1.4 s`, `3 min`. */
export function formatMilliseconds(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  return milliseconds < 120_000
    ? `${(milliseconds / 1_000).toFixed(1)} s`
    : formatSeconds(milliseconds / 1_000);
}

/** Local time of day with milliseconds, for an RFC 3339 time; the text itself when it is none. */
export function formatTime(time: string | number | undefined): string {
  if (time === undefined) return '';
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return String(time);
  const today = date.toDateString() === new Date().toDateString();
  const clock = `${date.toLocaleTimeString([], { hour12: false })}.${String(date.getMilliseconds()).padStart(3, '0')}`;
  return today ? clock : `${date.toLocaleDateString()} ${clock}`;
}

/** A count with its noun: `1 event`, `2 events`. */
export function plural(count: number, noun: string): string {
  return `${count.toLocaleString()} ${noun}${count === 1 ? '' : 's'}`;
}

/** What an alarm of a consumer is about: CloudFormation's name for it has the stack before it and letters after it. */
export function alarmLabel(name: string): string {
  const [, words] = /ConsumerAlarms([A-Za-z]+?)[0-9A-F]{8}/.exec(name) ?? [];
  return words?.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase() ?? name;
}
