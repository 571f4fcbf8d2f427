const UNITS = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
] as const;

/** Formats seconds in a suitable unit: `45 s`, `3 min`, `2 h`. */
export function formatSeconds(seconds: number): string {
  const [size, unit] = UNITS.find(([limit]) => seconds >= 2 * limit) ?? [1, 's'];
  return `${Math.round(seconds / size)} ${unit}`;
}

/** Formats milliseconds in a suitable unit: `12 ms`, `1.4 s`, `3 min`. */
export function formatMilliseconds(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  return milliseconds < 120_000
    ? `${(milliseconds / 1_000).toFixed(1)} s`
    : formatSeconds(milliseconds / 1_000);
}

/**
 * Formats a time in UTC, with milliseconds and a `Z`; without the date when it is today. The console and the command line use only UTC. A text that is
 * no time is returned unchanged.
 */
export function formatTime(time: string | number | undefined): string {
  if (time === undefined) return '';
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return String(time);
  const [day = '', clock = ''] = date.toISOString().split('T');
  return day === new Date().toISOString().slice(0, day.length) ? clock : `${day} ${clock}`;
}

/** A count with its noun: `1 event`, `2 events`. */
export function plural(count: number, noun: string): string {
  return `${count.toLocaleString()} ${noun}${count === 1 ? '' : 's'}`;
}

/** The purpose of an alarm, from its name: CloudFormation adds the stack before it and a hash after it. */
export function alarmLabel(name: string): string {
  const [, words] = /(?:Consumer|Bus)Alarms([A-Za-z]+?)[0-9A-F]{8}/.exec(name) ?? [];
  return words?.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase() ?? name;
}

/** A count, or `?` when it could not be read. */
export function formatCount(count: number | null): string {
  return count === null ? '?' : count.toLocaleString();
}
