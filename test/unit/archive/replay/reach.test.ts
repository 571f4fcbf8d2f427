import { describe, expect, it } from 'vitest';
import {
  describeForgotten,
  ForgottenError,
  type Remembered,
  reachOf,
  requireReach,
} from '../../../../lib/archive/replay/reach/reach.ts';

const DAY = 86_400_000;
const NOW = Date.parse('2027-06-30T00:00:00Z');
const old: Remembered = { mode: 'fill', knowsSince: NOW - 100 * DAY };
const young: Remembered = { mode: 'fill', knowsSince: NOW - 20 * DAY };

describe('how far back a replay may reach', () => {
  it('is as far as the least number of days that records can have had', () => {
    expect(reachOf(old, NOW)).toBe(NOW - 21 * DAY);
  });

  it('is without end for a consumer that has a record of everything, until its first ones expire', () => {
    expect(reachOf(young, NOW)).toBe(Number.NEGATIVE_INFINITY);
    expect(reachOf(young, NOW + DAY)).toBe(Number.NEGATIVE_INFINITY);
    expect(reachOf(young, NOW + DAY + 1)).toBe(NOW - 20 * DAY + 1);
  });

  it('is without end for what is repeated on purpose', () => {
    expect(reachOf({ ...old, mode: 'again' }, NOW)).toBe(Number.NEGATIVE_INFINITY);
  });

  it('ends with what nobody knows when nobody knows how old the table is', () => {
    expect(reachOf({ mode: 'fill', knowsSince: 0 }, NOW)).toBe(NOW - 21 * DAY);
  });
});

describe('the start of a replay', () => {
  const start = (remembered: Remembered, days: number) =>
    requireReach({ ...remembered, consumer: 'keeper', from: NOW - days * DAY }, NOW, 'begin later');

  it('leaves it a day for itself', () => {
    expect(() => start(old, 20)).not.toThrow();
    expect(() => start(old, 20.01)).toThrow(ForgottenError);
    expect(() => start(young, 400)).not.toThrow();
    expect(() => start({ ...young, knowsSince: NOW - 20.01 * DAY }, 400)).toThrow(ForgottenError);
  });

  it('is refused with the moment, and with what to do', () => {
    expect(() => start(old, 28)).toThrow(
      'keeper may no longer know what it did before 2027-06-10T00:00:00.000Z, and would act on it twice: records are sure to live for ' +
        '21 days, and a replay needs one of them for itself; begin later',
    );
  });
});

describe('a replay that has begun', () => {
  const state = { ...old, consumer: 'keeper', to: NOW };

  it('may send what is left as long as the consumer knows it', () => {
    expect(describeForgotten(state, NOW - 21 * DAY, NOW)).toBeUndefined();
    expect(describeForgotten({ ...state, mode: 'again' }, 0, NOW)).toBeUndefined();
  });

  it('says what to start instead when it does not', () => {
    const reason = describeForgotten(state, NOW - 22 * DAY, NOW);
    expect(reason).toContain('before 2027-06-09T00:00:00.000Z, and what is left begins at 2027-06-08');
    expect(reason).toContain('a --from after 2027-06-10T00:00:00.000Z');
    expect(reason).toContain('--again --from 2027-06-08T00:00:00.000Z --to 2027-06-10T00:00:00.000Z');
    expect(describeForgotten({ ...state, to: NOW - 21.5 * DAY }, NOW - 22 * DAY, NOW)).toContain(
      '--to 2027-06-08T12:00:00.000Z',
    );
  });
});
