import { expect, it } from 'vitest';
import { callsEndAt } from '../../../../lib/runtime/breaker/gate.ts';

const clock = { now: () => 1_000, sleep: async () => undefined };

it.each([
  ['half of the time', 9_000, 5_000],
  ['five seconds at the most', 11_002, 6_000],
  ['five seconds without a limit', Number.POSITIVE_INFINITY, 6_000],
  ['no time when it is over', 800, 900],
])('the calls of a breaker have %s', (_, limit, end) => {
  expect(callsEndAt(clock, limit)).toBe(end);
});
