import { expect, it } from 'vitest';
import {
  probeIntervalSeconds,
  sparedIntervalSeconds,
} from '../../../lib/intake/controller/probe-interval.ts';

const limits = { maxReceiveCount: 1_000, retentionSeconds: 604_800 };
const interval = (receiveCount: number, now = 0) =>
  probeIntervalSeconds({ probeEverySeconds: 30, probe: { receiveCount, sentAt: 0 }, limits, now });

it.each([
  ['as often as the definition says while half of the receives are not used', 500, 0, 30],
  ['so rarely that the other half lasts for nine tenths of its life', 501, 0, Math.ceil(544_320 / 498)],
  ['rarely when few receives are left', 990, 0, 60_480],
  ['not more rarely than its life with the last receive', 1_000, 0, 544_320],
  ['as the definition says when its life is nearly over', 900, 604_799_000, 30],
])('probes %s', (_, receiveCount, now, seconds) => {
  expect(interval(receiveCount, now)).toBe(seconds);
});

it.each([
  ['a quarter of an hour', 501, 900],
  [
    'more when its receives have to last for the day after which it may be given up',
    950,
    Math.ceil(86_400 / 49),
  ],
])('looks whether others wait after %s', (_, receiveCount, seconds) => {
  const probe = { receiveCount, sentAt: 0 };
  expect(sparedIntervalSeconds({ probe, limits })).toBe(seconds);
});
