import { expect, it } from 'vitest';
import { GroupBlocked, NotBegun } from '../../../lib/runtime/failures.ts';
import type { Job } from '../../../lib/runtime/job.ts';
import { redeliveryOf } from '../../../lib/runtime/redelivery-delay.ts';
import { jobsOf, recordOf } from './jobs.ts';

const NOW = 1_000_000;
const RETRY = { maxAttempts: 30, firstDelaySeconds: 2, maxDelaySeconds: 3_600 };
/** The luckiest draw is a half here: bounds can be read from the delays. */
const PORTS = { clock: { now: () => NOW, sleep: async () => undefined }, random: () => 0.5 };

function delaysOf(change: Partial<Job>): number[] {
  return jobsOf([recordOf('a')], change)
    .flatMap((job) => redeliveryOf(job, { retry: RETRY, ports: PORTS }))
    .map(({ delaySeconds }) => delaySeconds);
}

const failed = { kind: 'failed', error: new Error('no'), digests: [] } as const;
const busyUntil = (untilMs: number) => ({ kind: 'busy', untilMs }) as const;

it.each<[string, Partial<Job>, number]>([
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
    { outcome: { kind: 'waiting', error: new NotBegun() }, receiveCount: 4 },
    8,
  ],
  [
    'behind another of its group, none',
    { outcome: { kind: 'waiting', error: new GroupBlocked('g') }, receiveCount: 4 },
    0,
  ],
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
  const [job] = jobsOf([recordOf('a')], { outcome: busyUntil(NOW + 3_000) });
  expect(job && redeliveryOf(job, { retry, ports: PORTS })).toMatchObject([{ delaySeconds: 4 }]);
});

it.each<[string, Partial<Job>]>([
  ['done', { outcome: { kind: 'done', committed: true, outbox: [] } }],
  ['a duplicate', { outcome: { kind: 'duplicate' } }],
  ['dead', { outcome: { kind: 'dead', error: new Error('no'), digests: [] } }],
])('an event that is %s does not come again', (_, change) => {
  expect(delaysOf(change)).toEqual([]);
});

it('every message of an event comes again', () => {
  const copy = { ...recordOf('a'), messageId: 'copy', receiptHandle: 'copy' };
  const [job] = jobsOf([recordOf('a'), copy], { outcome: { ...failed, recorded: true } });
  const redeliveries = job && redeliveryOf(job, { retry: RETRY, ports: PORTS });
  expect(redeliveries?.map(({ receiptHandle }) => receiptHandle)).toEqual(['handle-a', 'copy']);
});
