import { describe, expect, it } from 'vitest';
import { parseExpression } from '../../../lib/contracts/definition/schedule-expression/parse-expression.ts';

/** The first times after a moment, as ISO 8601 without seconds. */
function times(expression: string, { from = '2027-01-01T00:00:00Z', zone = 'UTC', count = 3 } = {}) {
  const recurrence = parseExpression(expression, zone);
  const found: string[] = [];
  const first = recurrence.first(Date.parse(from));
  for (let at = first; at !== undefined && found.length < count; at = recurrence.next(at, first ?? 0))
    found.push(new Date(at).toISOString().slice(0, 16));
  return found;
}

describe('an expression that is none is refused, and says what is wrong', () => {
  it.each([
    ['cron(60 * * * ? *)', "'60' is no value of its minutes; values are from 0 to 59"],
    ['cron(* * 0 * ? *)', "'0' is no value of its day of the month; values are from 1 to 31"],
    ['cron(* * ? * 8 *)', "'8' is no value of its day of the week; values are from 1 to 7"],
    ['cron(* * ? * FOO *)', "'FOO' is no value of its day of the week; values are from 1 to 7"],
    ['cron(*/0 * * * ? *)', "'*/0' is no value of its minutes; values are from 0 to 59"],
    ['cron(*-5 * * * ? *)', "'*-5' is no value of its minutes; values are from 0 to 59"],
    ['cron(* * 32W * ? *)', "'32' is no value of its day of the month; values are from 1 to 31"],
    ['cron(* * ? * ? *)', "one of its day of the month and its day of the week has to be '?', and only one"],
    ['cron(* * * *)', 'it has 4 fields, not 6'],
    ['cron(* * * * ? 2200)', "'2200' is no value of its year; values are from 1970 to 2199"],
    ['rate(1 week)', 'its rate is not a positive number of minutes, hours or days'],
    ['rate(1.5 hours)', 'its rate is not a positive number of minutes, hours or days'],
    ['at(2027-1-1T00:00:00)', 'its time is not of the form yyyy-mm-ddThh:mm:ss'],
    ['at(2027-02-30T00:00:00)', 'there is no 2027-02-30T00:00:00 in UTC'],
  ])('%s', (expression, reason) => {
    expect(() => parseExpression(expression, 'UTC')).toThrow(new RangeError(reason));
  });
});

describe('cron', () => {
  it.each<[string, string[]]>([
    ['cron(0 10 * * ? *)', ['2027-01-01T10:00', '2027-01-02T10:00', '2027-01-03T10:00']],
    ['cron(0/20 * * * ? *)', ['2027-01-01T00:00', '2027-01-01T00:20', '2027-01-01T00:40']],
    ['cron(5,50 8-9 * * ? *)', ['2027-01-01T08:05', '2027-01-01T08:50', '2027-01-01T09:05']],
    ['cron(0 0 ? * MON-FRI *)', ['2027-01-01T00:00', '2027-01-04T00:00', '2027-01-05T00:00']],
    ['cron(0 0 ? * SAT-SUN *)', ['2027-01-02T00:00', '2027-01-03T00:00', '2027-01-09T00:00']],
    ['cron(0 0 L * ? *)', ['2027-01-31T00:00', '2027-02-28T00:00', '2027-03-31T00:00']],
    ['cron(0 0 ? * L *)', ['2027-01-02T00:00', '2027-01-09T00:00', '2027-01-16T00:00']],
    ['cron(0 0 ? * 6L *)', ['2027-01-29T00:00', '2027-02-26T00:00', '2027-03-26T00:00']],
    ['cron(0 0 ? * TUE#2 *)', ['2027-01-12T00:00', '2027-02-09T00:00', '2027-03-09T00:00']],
    ['cron(0 0 2W * ? *)', ['2027-01-01T00:00', '2027-02-02T00:00', '2027-03-02T00:00']],
    ['cron(0 0 1W MAY ? *)', ['2027-05-03T00:00', '2028-05-01T00:00', '2029-05-01T00:00']],
    ['cron(0 0 31W JAN ? *)', ['2027-01-29T00:00', '2028-01-31T00:00', '2029-01-31T00:00']],
    ['cron(0 0 29 2 ? *)', ['2028-02-29T00:00', '2032-02-29T00:00', '2036-02-29T00:00']],
    ['cron(0 0 1 1 ? 2027-2028)', ['2027-01-01T00:00', '2028-01-01T00:00']],
    ['cron(0 0 30 2 ? *)', []],
  ])('%s', (expression, expected) => {
    expect(times(expression)).toEqual(expected);
  });

  it('a time that clocks skip is skipped', () => {
    const at = times('cron(30 2 * * ? *)', { from: '2027-03-27T00:00:00Z', zone: 'Europe/Vienna' });
    expect(at).toEqual(['2027-03-27T01:30', '2027-03-29T00:30', '2027-03-30T00:30']);
  });

  it('a time that clocks show twice comes once', () => {
    const at = times('cron(30 2 * * ? *)', { from: '2027-10-30T12:00:00Z', zone: 'Europe/Vienna', count: 2 });
    expect(at).toEqual(['2027-10-31T00:30', '2027-11-01T01:30']);
  });

  it('begins anew on the other side of the clock, whatever the zone', () => {
    expect(times('cron(0 0 * * ? *)', { zone: 'Pacific/Kiritimati', count: 1 })).toEqual([
      '2027-01-01T10:00',
    ]);
    expect(times('cron(0 12 * * ? *)', { zone: 'America/Los_Angeles', count: 1 })).toEqual([
      '2027-01-01T20:00',
    ]);
  });
});

it('a rate begins at its start, and counts whole intervals from there', () => {
  expect(times('rate(90 minutes)')).toEqual(['2027-01-01T00:00', '2027-01-01T01:30', '2027-01-01T03:00']);
  const rate = parseExpression('rate(1 day)', 'UTC');
  expect(rate.next(10.5 * 86_400_000, 0)).toBe(11 * 86_400_000);
  expect(rate.next(5, 10)).toBe(10);
});

it('a one-time schedule is due once, by the clocks of its zone', () => {
  expect(times('at(2027-07-01T09:00:00)', { zone: 'Europe/Vienna' })).toEqual(['2027-07-01T07:00']);
});
