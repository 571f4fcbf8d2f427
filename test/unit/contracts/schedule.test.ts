import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { defineEvent } from '../../../lib/contracts/define-event.ts';

const define = (expression: string, timezone = 'UTC') =>
  defineEvent({
    type: 'shop.DayEnded',
    version: 1,
    description: 'A day is over.',
    data: z.object({}),
    schedule: { expression, timezone },
  });

describe('the schedule of an event', () => {
  it.each([
    ['cron(* * * * * *)', "one of its day of the month and its day of the week has to be '?', and only one"],
    ['cron(0 6 ? * ? *)', "one of its day of the month and its day of the week has to be '?', and only one"],
    ['cron(99 6 * * ? *)', "'99' is no value of its minutes; values are from 0 to 59"],
    ['cron(0 24 * * ? *)', "'24' is no value of its hours; values are from 0 to 23"],
    ['cron(0 6 32 * ? *)', "'32' is no value of its day of the month; values are from 1 to 31"],
    ['cron(0 6 ? 13 MON *)', "'13' is no value of its month; values are from 1 to 12"],
    ['cron(0 6 ? * MOO *)', "'MOO' is no value of its day of the week; values are from 1 to 7"],
    ['cron(0 6 * * ? 1969)', "'1969' is no value of its year; values are from 1970 to 2199"],
  ])('is refused when EventBridge Scheduler would refuse it: %s', (expression, reason) => {
    expect(() => define(expression)).toThrow(
      new TypeError(`the schedule of shop.DayEnded.v1 is '${expression}': ${reason}`),
    );
  });

  it.each(['at(2030-01-01T00:00:00)', 'rate(0 days)', ' rate(1 day)', 'cron(0 6 * * ?)', 'daily'])(
    'is refused when it is no expression that comes again: %s',
    (expression) => {
      expect(() => define(expression)).toThrow(
        `the schedule of shop.DayEnded.v1 is '${expression}'; write rate(5 minutes), or cron(0 6 ? * MON-FRI *) with six fields`,
      );
    },
  );

  it('is refused in a time zone that is none', () => {
    expect(() => define('rate(1 day)', 'Mars/Base')).toThrow("has the time zone 'Mars/Base', which is none");
  });

  it.each([
    'rate(1 day)',
    'cron(0 22 * * ? *)',
    'cron(0/15 9-17 ? JAN-MAR MON-FRI 2030)',
    'cron(0 6 L * ? *)',
  ])('is taken: %s', (expression) => {
    expect(define(expression, 'Europe/Berlin').schedule?.expression).toBe(expression);
  });
});
