import { describe, expect, it } from 'vitest';
import { timeoutTime } from '../../../lib/runtime/saga/timeout-time.ts';

const NOW = Date.parse('2026-01-31T12:00:00Z');

describe('the time of a time-out', () => {
  it.each([
    [{ in: 0 }, '2026-01-31T12:00:00.000Z'],
    [{ in: 1.5 }, '2026-01-31T12:00:01.500Z'],
    [{ at: new Date(5) }, '1970-01-01T00:00:00.005Z'],
    [{ at: '2026-02-01T00:00:00+02:00' }, '2026-01-31T22:00:00.000Z'],
  ])('of %j is %s', (when, time) => {
    expect(timeoutTime(when, NOW)).toBe(time);
  });

  it.each([
    { in: -5 },
    { in: Number.NaN },
    { in: Number.POSITIVE_INFINITY },
    { in: 'soon' as never },
    { at: '2026-01-31T12:00:00' },
    { at: 'tomorrow' },
    { at: new Date(Number.NaN) },
    { at: 5 as never },
    {} as never,
  ])('is refused when it is %j', (when) => {
    expect(() => timeoutTime(when, NOW)).toThrow(
      /^a time-out is set for .*; give \{ in: seconds \}, 0 or more/,
    );
  });
});
