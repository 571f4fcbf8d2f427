import { InvalidArgumentError } from 'commander';
import { describe, expect, it, vi } from 'vitest';
import {
  moment,
  nonEmpty,
  portNumber,
  seconds,
  wholeNumber,
} from '../../../lib/cli/terminal/parse-options.ts';

describe('what a person types', () => {
  it.each([
    ['90', 90],
    ['90s', 90],
    ['15m', 900],
    ['2h', 7_200],
    ['7d', 604_800],
    ['0', 0],
  ])('is a time: %j', (text, value) => {
    expect(seconds(text)).toBe(value);
  });

  it.each(['', ' ', 'm', 'abc', '-1', '1.5', '1e3', '0x10', '1 h', '99999999999999d'])(
    'is no time: %j',
    (text) => {
      expect(() => seconds(text)).toThrow(InvalidArgumentError);
    },
  );

  it.each([
    ['2026-11-27', '2026-11-27T00:00:00.000Z'],
    ['2026-11-27T04:00', '2026-11-27T04:00:00.000Z'],
    ['2028-02-29', '2028-02-29T00:00:00.000Z'],
    ['2026-03-31T23:30-02:00', '2026-04-01T01:30:00.000Z'],
    ['2026-11-27 04:00:05', '2026-11-27T04:00:05.000Z'],
    ['2026-11-27T04:00:05.25Z', '2026-11-27T04:00:05.250Z'],
    ['2026-11-27T04:00+02:00', '2026-11-27T02:00:00.000Z'],
  ])('is a moment, of UTC unless it says another zone: %j', (text, iso) => {
    expect(new Date(moment(text)).toISOString()).toBe(iso);
  });

  it('is a moment by how long ago it is', () => {
    vi.useFakeTimers({ now: Date.parse('2026-11-27T04:00:00Z'), toFake: ['Date'] });
    expect(new Date(moment('2h')).toISOString()).toBe('2026-11-27T02:00:00.000Z');
    vi.useRealTimers();
  });

  it.each([
    ...['', 'now', '90', '2026', '2026-13-01', '2026-11-27T25:00', '11/27/2026', '2h ago'],
    ...[
      '2026-02-30',
      '2026-02-31T04:00Z',
      '2026-04-31 10:00+02:00',
      '2027-02-29',
      '2026-00-10',
      '2026-02-00',
    ],
  ])('is no moment: %j', (text) => {
    expect(() => moment(text)).toThrow(InvalidArgumentError);
  });

  it('is a whole number within bounds', () => {
    const perSecond = wholeNumber({ min: 1, max: 500 });
    expect(['1', '500'].map(perSecond)).toEqual([1, 500]);
    for (const text of ['', '0', '501', '-3', '1.5', 'abc', 'Infinity', '1e2']) {
      expect(() => perSecond(text)).toThrow('Say a whole number from 1 up to 500.');
    }
  });

  it('is a port', () => {
    expect(['0', '4566', '65535'].map(portNumber)).toEqual([0, 4_566, 65_535]);
    for (const text of ['', '65536', '-1', 'http'])
      expect(() => portNumber(text)).toThrow(InvalidArgumentError);
  });

  it('is a text, unless it is empty', () => {
    expect(nonEmpty('OrderRejected')).toBe('OrderRejected');
    for (const text of ['', '  ', '\t']) expect(() => nonEmpty(text)).toThrow(InvalidArgumentError);
  });
});
