/** A date, or a date and a time; without a zone it is of UTC, as all times of the output are. */
const MOMENT = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(Z|[+-]\d\d:\d\d)?)?$/;
const AGO = /^(\d{1,9})([smhd])$/;
const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** What a person is told who has typed something else. */
export const MOMENT_EXAMPLES =
  'a time such as 2026-11-27T04:00Z, or how long ago, such as 15m, 2h or 7d; none before 1970';

/**
 * Reads a moment as a person types it: a time of ISO 8601, or how long ago.
 *
 * @param now epoch milliseconds
 * @returns epoch milliseconds; undefined when the text is no moment, or one before 1970, which no event has and a slip of a digit makes
 */
export function readMoment(text: string, now: number): number | undefined {
  const at = momentOf(text, now);
  return at !== undefined && at >= 0 ? at : undefined;
}

function momentOf(text: string, now: number): number | undefined {
  const [, count, unit = ''] = AGO.exec(text) ?? [];
  if (count !== undefined) return now - Number(count) * (UNIT_MS[unit] ?? 0);
  const [isTime, date = '', time = '00:00', zone = 'Z'] = MOMENT.exec(text) ?? [];
  const at = isTime === undefined || !isDay(date) ? Number.NaN : Date.parse(`${date}T${time}${zone}`);
  return Number.isNaN(at) ? undefined : at;
}

/** Whether a month has the day: V8 reads 30 February as 2 March. */
function isDay(date: string): boolean {
  const day = new Date(`${date}T00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(date);
}
