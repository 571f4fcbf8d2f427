import { type Day, dayAfter, daysOfMonth, daysOfWeek } from './cron-days.ts';
import { valuesOf } from './cron-field.ts';
import { localTimeOf, momentOf } from './zoned-time.ts';

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const FIELD_COUNT = 6;
const LAST_YEAR = 2199;

/** When a cron expression is due next: epoch milliseconds after a moment; undefined when never again. */
export type NextMoment = (afterMs: number) => number | undefined;

/**
 * Reads `minutes hours day-of-month month day-of-week year`, the inside of `cron(...)`. Times that daylight saving time skips are skipped, and
 * times that it repeats come once.
 *
 * @throws RangeError that names the wrong field
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
 */
export function parseCron(text: string, zone: string): NextMoment {
  const fields = text.trim().split(/\s+/);
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = '', year = ''] = fields;
  if (fields.length !== FIELD_COUNT)
    throw new RangeError(`it has ${fields.length} fields, not ${FIELD_COUNT}`);
  const minutes = sorted(valuesOf(minute, { name: 'minutes', min: 0, max: 59 }));
  const hours = sorted(valuesOf(hour, { name: 'hours', min: 0, max: 23 }));
  const months = valuesOf(month, { name: 'month', min: 1, max: 12, names: MONTHS });
  const years = valuesOf(year, { name: 'year', min: 1970, max: LAST_YEAR });
  if ((dayOfMonth === '?') === (dayOfWeek === '?'))
    throw new RangeError("one of its day of the month and its day of the week has to be '?', and only one");
  const isDay = dayOfMonth === '?' ? daysOfWeek(dayOfWeek) : daysOfMonth(dayOfMonth);
  const isWanted = (day: Day): boolean => years.has(day.year) && months.has(day.month) && isDay(day);
  return (afterMs) => {
    const now = localTimeOf(afterMs, zone);
    // Clocks that go back show a time twice, and only the first of the two counts: what is before now on the clock is over.
    let fromMinute = now.hour * 60 + now.minute;
    for (let day: Day = now; day.year <= LAST_YEAR; day = dayAfter(day), fromMinute = 0) {
      if (!isWanted(day)) continue;
      const found = firstOf(day, { hours, minutes, zone, fromMinute, afterMs });
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

interface Times {
  readonly hours: readonly number[];
  readonly minutes: readonly number[];
  readonly zone: string;
  /** Of the day. */
  readonly fromMinute: number;
  readonly afterMs: number;
}

function firstOf({ year, month, day }: Day, times: Times): number | undefined {
  const { hours, minutes, zone, fromMinute, afterMs } = times;
  for (const hour of hours) {
    for (const minute of minutes) {
      if (hour * 60 + minute < fromMinute) continue;
      const moment = momentOf({ year, month, day, hour, minute, second: 0 }, zone);
      if (moment !== undefined && moment > afterMs) return moment;
    }
  }
  return undefined;
}

function sorted(values: ReadonlySet<number>): readonly number[] {
  return [...values].sort((one, other) => one - other);
}
