import { expect, it } from 'vitest';
import type { BatchItem } from '../../../lib/runtime/batch/batch-item.ts';
import { redeliveryOf } from '../../../lib/runtime/batch/redelivery-delay.ts';
import { BreakerOpenError, GroupBlockedError, NotBegunError } from '../../../lib/runtime/errors.ts';
import { jobsOf, recordOf } from './batch-items.ts';

const NOW = 1_000_000;
const RETRY = { maxAttempts: 30, firstDelaySeconds: 2, maxDelaySeconds: 3_600 };
/** The luckiest draw is a half here: bounds can be read from the delays. */
const PORTS = { clock: { now: () => NOW, sleep: async () => undefined }, random: () => 0.5 };

function delaysOf(change: Partial<BatchItem>): number[] {
  return jobsOf([recordOf('a')], change)
    .flatMap((item) => redeliveryOf(item, { retry: RETRY, ports: PORTS }))
    .map(({ delaySeconds }) => delaySeconds);
}

const failed = { status: 'failed', error: new Error('no'), digests: [] } as const;
const open = (grows: boolean) =>
  ({ status: 'released', error: new BreakerOpenError({ reason: 'r', delaySeconds: 15, grows }) }) as const;
const busyUntil = (untilMs: number) => ({ status: 'leased', untilMs }) as const;

it.each<[string, Partial<BatchItem>, number]>([
  [
    'that failed, the first pause',
    { outcome: { ...failed, recorded: true }, attempt: 1, receiveCount: 9 },
    1,
  ],
  ['that failed, a pause that doubles', { outcome: { ...failed, recorded: true }, attempt: 4 }, 8],
  [
    'that failed, no more than the policy says',
    { outcome: { ...failed, recorded: true }, attempt: 20 },
    1_800,
  ],
  [
    'not recorded, a pause by its deliveries',
    { outcome: { ...failed, recorded: false }, receiveCount: 3 },
    4,
  ],
  [
    'not recorded, a quarter of an hour at most',
    { outcome: { ...failed, recorded: false }, receiveCount: 20 },
    450,
  ],
  [
    'that waits, a pause by its deliveries',
    { outcome: { status: 'released', error: new NotBegunError() }, receiveCount: 4 },
    8,
  ],
  [
    'behind another of its group, none',
    { outcome: { status: 'released', error: new GroupBlockedError('g') }, receiveCount: 4 },
    0,
  ],
  [
    'that a batch has released for an open breaker, the pause of a probe',
    { outcome: open(true), receiveCount: 7 },
    15,
  ],
  ['released so again and again, a longer pause', { outcome: open(true), receiveCount: 8 }, 16],
  ['released so, a quarter of an hour at most', { outcome: open(true), receiveCount: 999 }, 900],
  ['that a probe has released, always the same pause', { outcome: open(false), receiveCount: 999 }, 15],
  ['without an outcome, a pause by its deliveries', { receiveCount: 3 }, 4],
  ['that another has, a short one at first', { outcome: busyUntil(NOW + 60_000) }, 1],
  ['that another has, no longer than the lease', { outcome: busyUntil(NOW - 900), receiveCount: 1 }, 1],
  [
    'that another still has, a second more than the lease',
    { outcome: busyUntil(NOW + 60_000), receiveCount: 2 },
    61,
  ],
  ['whose lease is over, none', { outcome: busyUntil(NOW - 5_000), receiveCount: 2 }, 0],
  [
    'whose lease is far too long, less than twelve hours',
    { outcome: busyUntil(NOW * 1_000), receiveCount: 2 },
    42_000,
  ],
])('an event %s', (_, change, seconds) => {
  expect(delaysOf(change)).toEqual([seconds]);
});

it('an event that another has comes when the lease is over, if that is sooner than the first pause', () => {
  const retry = { ...RETRY, firstDelaySeconds: 60 };
  const [item] = jobsOf([recordOf('a')], { outcome: busyUntil(NOW + 3_000) });
  expect(item && redeliveryOf(item, { retry, ports: PORTS })).toMatchObject([{ delaySeconds: 4 }]);
});

it.each<[string, Partial<BatchItem>]>([
  ['done', { outcome: { status: 'completed', committed: true, outbox: [] } }],
  ['a duplicate', { outcome: { status: 'duplicate' } }],
  ['dead', { outcome: { status: 'deadLettered', error: new Error('no'), digests: [] } }],
])('an event that is %s does not come again', (_, change) => {
  expect(delaysOf(change)).toEqual([]);
});

it('every message of an event comes again', () => {
  const copy = { ...recordOf('a'), messageId: 'copy', receiptHandle: 'copy' };
  const [item] = jobsOf([recordOf('a'), copy], { outcome: { ...failed, recorded: true } });
  const redeliveries = item && redeliveryOf(item, { retry: RETRY, ports: PORTS });
  expect(redeliveries?.map(({ receiptHandle }) => receiptHandle)).toEqual(['handle-a', 'copy']);
});
