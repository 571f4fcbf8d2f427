import { expect, it } from 'vitest';
import { backoffMilliseconds } from '../../../lib/aws/backoff.ts';

it.each([
  [1, 100],
  [2, 200],
  [4, 800],
  [5, 1_000],
  [500, 1_000],
])('the pause after attempt %i is less than %i ms', (attempt, bound) => {
  const pause = (random: number) =>
    backoffMilliseconds(attempt, { first: 100, longest: 1_000, random: () => random });
  expect([pause(0), pause(0.25)]).toEqual([0, bound / 4]);
});
