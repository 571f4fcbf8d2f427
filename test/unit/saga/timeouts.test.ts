import { describe, expect, it } from 'vitest';
import { deliverAtOf } from '../../../lib/contracts/envelope/deliver-at.ts';
import { timeoutTime } from '../../../lib/runtime/saga/timeout-time.ts';

const reasonOf = (call: () => unknown): string => {
  try {
    return String(call());
  } catch (error) {
    return String(error);
  }
};
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
    [{ at: new Date(-1e15) }],
    [{ at: new Date(-62_167_219_200_001) }],
    [{ at: '0000-01-01T00:00:00+23:59' }],
  ])('is one that an event can have, also when it has passed before the year 0: %j', (when) => {
    expect(timeoutTime(when, NOW)).toBe('0000-01-01T00:00:00.000Z');
  });

  const rule =
    "give { in: seconds }, 0 or more, or { at: time }, a Date or a text such as '2026-01-31T12:00:00Z'";
  it.each([
    [{ in: -5 }, '-5'],
    [{ at: '2026-01-31T12:00:00' }, "'2026-01-31T12:00:00'"],
    [{ at: 'tomorrow' }, "'tomorrow'"],
    [{}, 'undefined'],
    [{ in: undefined }, 'undefined'],
  ])('is refused when it is %j', (when, shown) => {
    expect(() => timeoutTime(when as never, NOW)).toThrow(
      new TypeError(`a time-out is set for ${shown}; ${rule}`),
    );
  });

  it.each([
    [{ in: Number.NaN }],
    [{ in: Number.POSITIVE_INFINITY }],
    [{ in: Number.NEGATIVE_INFINITY }],
    [{ in: 'soon' }],
    [{ in: '5' }],
    [{ in: null }],
    [{ in: [] }],
    [{ in: true }],
    [{ in: 5n }],
    [{ in: Symbol('s') }],
    [{ in: Object.create(null) as unknown }],
    [{ in: 5, at: new Date(5) }],
    [{ at: new Date(Number.NaN) }],
    [{ at: 5 }],
    [{ at: null }],
  ])('is refused as emit refuses it, with the same reason: %o', (when) => {
    const reason = reasonOf(() => deliverAtOf(when as never, NOW));
    expect(reason).toMatch(/^TypeError: an event /);
    expect(reasonOf(() => timeoutTime(when as never, NOW))).toBe(reason);
  });
});
