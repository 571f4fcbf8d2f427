import { valuesOf } from './cron-field.ts';

/** A day of the calendar. Months count from 1. */
export interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

type DayRule = (day: Day) => boolean;

const DAYS_OF_MONTH = { name: 'day of the month', min: 1, max: 31 };
const DAYS_OF_WEEK = {
  name: 'day of the week',
  min: 1,
  max: 7,
  names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'],
};

/** Which days a day-of-month field means: values, `L` (the last), `15W` (the weekday nearest to the 15th). @throws RangeError */
export function daysOfMonth(field: string): DayRule {
  if (field === 'L') return ({ year, month, day }) => day === lastDay(year, month);
  const [, weekday] = /^(\d+)W$/.exec(field) ?? [];
  if (weekday !== undefined) {
    valuesOf(weekday, DAYS_OF_MONTH);
    return ({ year, month, day }) => day === nearestWeekday(year, month, Number(weekday));
  }
  const values = valuesOf(field, DAYS_OF_MONTH);
  return ({ day }) => values.has(day);
}

/** Which days a day-of-week field means: values, `5L` (the last Thursday), `6#3` (the third Friday), `L` (Saturday). @throws RangeError */
export function daysOfWeek(field: string): DayRule {
  const [, which = '', last, nth] = /^(\w{1,3}?)(?:(L)|#([1-5]))$/.exec(field) ?? [];
  if (field === 'L') return (one) => dayOfWeek(one) === DAYS_OF_WEEK.max;
  if (last !== undefined || nth !== undefined) {
    const values = valuesOf(which, DAYS_OF_WEEK);
    const isIt = ({ year, month, day }: Day): boolean =>
      nth === undefined ? day > lastDay(year, month) - 7 : Math.ceil(day / 7) === Number(nth);
    return (one) => values.has(dayOfWeek(one)) && isIt(one);
  }
  const values = valuesOf(field, DAYS_OF_WEEK);
  return (one) => values.has(dayOfWeek(one));
}

/** The next day of the calendar. */
export function dayAfter({ year, month, day }: Day): Day {
  const next = new Date(Date.UTC(year, month - 1, day + 1));
  return { year: next.getUTCFullYear(), month: next.getUTCMonth() + 1, day: next.getUTCDate() };
}

/** 1 is Sunday. */
function dayOfWeek({ year, month, day }: Day): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;
}

function lastDay(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** Within the month: the weekday nearest to Sunday the 31st is Friday the 29th. */
function nearestWeekday(year: number, month: number, wanted: number): number {
  const last = lastDay(year, month);
  const day = Math.min(wanted, last);
  const weekday = dayOfWeek({ year, month, day });
  if (weekday === 7) return day === 1 ? 3 : day - 1;
  if (weekday === 1) return day === last ? day - 2 : day + 1;
  return day;
}
