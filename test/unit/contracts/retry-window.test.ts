import { readFileSync } from 'node:fs';
import type { SQSRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { defineConsumer, type RetryPolicy } from '../../../lib/contracts/define-consumer.ts';
import { defineEvent } from '../../../lib/contracts/define-event.ts';
import { describeSeconds, retryWindowOf } from '../../../lib/contracts/delivery/retry-window.ts';
import type { BatchItem } from '../../../lib/runtime/batch/batch-item.ts';
import { redeliveryOf } from '../../../lib/runtime/batch/redelivery-delay.ts';
import { createChance } from '../../../lib/testing/simulation/chance.ts';

const Happened = defineEvent({ type: 'test.Happened', version: 1, description: '', data: z.object({}) });
const defaults = defineConsumer({ name: 'tester', description: '', listensTo: [Happened] });
const patience = (retry: RetryPolicy) =>
  retryWindowOf({ retry, timeoutSeconds: defaults.timeoutSeconds, visibilitySeconds: 180 });

/** The pause that the runtime makes after an attempt. */
function pauseAfter(attempt: number, retry: RetryPolicy, random: () => number): number {
  const item = {
    records: [{ messageId: 'm', receiptHandle: 'r' } as SQSRecord],
    attempt,
    receiveCount: attempt,
    outcome: { status: 'failed', error: new Error('down'), recorded: true, digests: [] },
  } as unknown as BatchItem;
  const ports = { random, clock: { now: () => 0, sleep: () => Promise.resolve() } };
  const [redelivery] = redeliveryOf(item, { retry, ports });
  return redelivery?.delaySeconds ?? expect.fail();
}

const outageWith = (retry: RetryPolicy, random: () => number): number =>
  Array.from({ length: retry.maxAttempts - 1 }, (_, index) => pauseAfter(index + 1, retry, random)).reduce(
    (total, pause) => total + pause,
    0,
  );

describe.each<RetryPolicy>([
  defaults.retry,
  { maxAttempts: 12, firstDelaySeconds: 2, maxDelaySeconds: 900 },
  { maxAttempts: 42, firstDelaySeconds: 2, maxDelaySeconds: 3600 },
  { maxAttempts: 50, firstDelaySeconds: 1, maxDelaySeconds: 1 },
])('the patience of %o is what the runtime has', (retry) => {
  const { outage } = patience(retry);

  it('at the least and, when attempts fail at once, at the most', () => {
    expect(outageWith(retry, () => Number.MIN_VALUE)).toBe(outage.least);
    expect(outageWith(retry, () => 1 - Number.EPSILON)).toBeLessThanOrEqual(outage.most);
  });

  it('on average, and for nineteen of twenty events', () => {
    const { next } = createChance(1);
    const outages = Array.from({ length: 4_000 }, () => outageWith(retry, next));
    const average = outages.reduce((total, one) => total + one, 0) / outages.length;
    expect(average / outage.expected).toBeCloseTo(1, 1);
    const longer = outages.filter((one) => one >= outage.likely).length / outages.length;
    expect(longer).toBeGreaterThan(0.93);
  });
});

it('comes to an end later when attempts fail late or processes die', () => {
  const retry = { maxAttempts: 3, firstDelaySeconds: 100, maxDelaySeconds: 400 };
  // Each attempt that dies costs a visibility timeout, or a late failure and its pause; the third dies too.
  expect(patience(retry).deadLetterSeconds).toBe(180 + 230 + 180);
  expect(patience(retry).outage.most).toBe(180 + 230);
});

it.each([
  [0, '0 s'],
  [17.4, '17 s'],
  [119, '119 s'],
  [150, '2.5 min'],
  [1_416, '24 min'],
  [46_680, '13 h'],
  [230_000, '2.7 days'],
])('describes %s seconds as %s', (seconds, text) => {
  expect(describeSeconds(seconds)).toBe(text);
});

describe('the table of docs/slow-neighbours.md', () => {
  const page = readFileSync(new URL('../../../docs/slow-neighbours.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| (\d+), (\d+), (\d+) \|.*$/gm)];

  it.each(rows.map(([row, ...numbers]) => ({ row, numbers: numbers.map(Number) })))(
    'is worked out, not typed: $numbers',
    ({ row, numbers: [maxAttempts = 0, firstDelaySeconds = 0, maxDelaySeconds = 0] }) => {
      const { outage } = patience({ maxAttempts, firstDelaySeconds, maxDelaySeconds });
      const cells = [outage.likely, outage.expected, outage.most].map(describeSeconds);
      const [, policy, name] = row.split('|');
      expect(row).toBe(`|${policy}|${name}| ${cells.join(' | ')} |`);
    },
  );

  it('begins with the defaults', () => {
    expect(rows.length).toBeGreaterThanOrEqual(4);
    expect(rows[0]?.slice(1, 4).map(Number)).toEqual(Object.values(defaults.retry));
  });
});
