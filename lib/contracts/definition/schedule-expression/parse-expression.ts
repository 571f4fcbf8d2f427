import { type NextMoment, parseCron } from './cron.ts';
import { isTimeZone, momentOf } from './zoned-time.ts';

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** What a schedule expression says. */
export interface Recurrence {
  readonly kind: 'at' | 'rate' | 'cron';
  /** When it is due first. @param startMs when it begins: its StartDate or its creation, epoch milliseconds */
  first(startMs: number): number | undefined;
  /** When it is due next after a moment. @param firstMs when it was due first */
  next(afterMs: number, firstMs: number): number | undefined;
}

/**
 * Reads `at(...)`, `rate(...)` or `cron(...)`.
 *
 * @param zone an IANA time zone, for `at` and `cron`
 * @throws RangeError that says what is wrong with it
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function parseExpression(expression: string, zone: string): Recurrence {
  if (!isTimeZone(zone)) throw new RangeError(`there is no time zone ${zone}`);
  const [, kind, inside = ''] = /^(at|rate|cron)\((.*)\)$/.exec(expression.trim()) ?? [];
  if (kind === 'at') return parseAt(inside, zone);
  if (kind === 'rate') return parseRate(inside);
  if (kind === 'cron') return recurrenceOf(parseCron(inside, zone));
  throw new RangeError('it is none of at(...), rate(...) and cron(...)');
}

function parseAt(text: string, zone: string): Recurrence {
  const [year, month, day, hour, minute, second] = (
    /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)$/.exec(text)?.slice(1) ?? []
  ).map(Number);
  if ([year, month, day, hour, minute, second].some((one) => one === undefined))
    throw new RangeError('its time is not of the form yyyy-mm-ddThh:mm:ss');
  const time = { year: year ?? 0, month: month ?? 0, day: day ?? 0, hour: hour ?? 0, minute: minute ?? 0 };
  const moment = momentOf({ ...time, second: second ?? 0 }, zone);
  if (moment === undefined) throw new RangeError(`there is no ${text} in ${zone}`);
  return { kind: 'at', first: () => moment, next: () => undefined };
}

function parseRate(text: string): Recurrence {
  const [, count = '', unit = ''] = /^(\d+)\s+(minute|hour|day)s?$/.exec(text.trim()) ?? [];
  const intervalMs = Number(count) * (UNIT_MS[unit] ?? 0);
  if (intervalMs === 0) throw new RangeError('its rate is not a positive number of minutes, hours or days');
  return {
    kind: 'rate',
    first: (startMs) => startMs,
    next: (afterMs, firstMs) => {
      if (afterMs < firstMs) return firstMs;
      return firstMs + (Math.floor((afterMs - firstMs) / intervalMs) + 1) * intervalMs;
    },
  };
}

function recurrenceOf(next: NextMoment): Recurrence {
  // A time at which it begins is one of its times.
  return { kind: 'cron', first: (startMs) => next(startMs - 1), next: (afterMs) => next(afterMs) };
}
