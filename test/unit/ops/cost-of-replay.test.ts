import { expect, it } from 'vitest';
import { costOfReplay } from '../../../lib/ops/cost/cost-of-replay.ts';
import { PRICES } from '../../../lib/ops/cost/prices.ts';

it('a replay that is slow saves every five seconds all the same', () => {
  const size = { objects: 10, events: 3_600, tasks: 1, lanes: 1, fifo: false };
  const hour = costOfReplay({ ...size, minutes: 60 });
  const tenHours = costOfReplay({ ...size, minutes: 600 });
  const functions = 9 * 3_600 * 0.5 * PRICES.lambdaGigabyteSecond;
  // Nine hours more are 6,480 saves, of at least two items at twice the price.
  expect(tenHours - hour - functions).toBeGreaterThan(6_480 * 4 * PRICES.dynamodbWriteUnit);
});
