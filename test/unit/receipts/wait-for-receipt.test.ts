import { describe, expect, it, vi } from 'vitest';
import { formatReceipt, summarizeReceipt } from '../../../lib/cli/format-receipt.ts';
import { isWell, NoAnswerInTimeError, waitForReceipt } from '../../../lib/cli/wait-for-receipt.ts';
import type { ConsumerReceipt, Receipt } from '../../../lib/contracts/receipts/receipt.ts';

const receipt = (...consumers: readonly ConsumerReceipt[]): Receipt => ({
  id: '1',
  source: '/shop',
  seen: true,
  settled: consumers.every(({ status }) => !['waiting', 'handling', 'failing'].includes(status)),
  consumers,
});
const email = (status: ConsumerReceipt['status']): ConsumerReceipt => ({ consumer: 'email', status });
const unknown = (why: ConsumerReceipt['why']): ConsumerReceipt => ({ ...email('unknown'), why });

/** Waits in a world where each receipt is the next one, and the last one stays. */
async function wait(receipts: readonly Receipt[], milliseconds = 30_000) {
  let now = 0;
  const readAt: number[] = [];
  const { receipt: last = expect.fail('there is no receipt') } = await waitForReceipt({
    read: async () => {
      readAt.push(now);
      return receipts[Math.min(readAt.length, receipts.length) - 1] ?? expect.fail();
    },
    milliseconds,
    onReceipt: () => undefined,
    now: () => now,
    sleep: async (pause) => {
      now += pause;
    },
  });
  return { last, readAt };
}

/** An API that takes the request and never answers. */
const hang = (signal: AbortSignal) =>
  new Promise<Receipt>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

describe('waiting for a receipt that does not come', () => {
  it('ends with the time, and says that the API has not answered', async () => {
    vi.useFakeTimers();
    try {
      const onReceipt = vi.fn();
      const waited = waitForReceipt({ read: hang, milliseconds: 4_000, onReceipt });
      await vi.advanceTimersByTimeAsync(3_999);
      expect(vi.getTimerCount()).toBe(1);
      await vi.advanceTimersByTimeAsync(1);
      expect(await waited).toEqual({ failure: new NoAnswerInTimeError() });
      expect(vi.getTimerCount()).toBe(0);
      expect(onReceipt).not.toHaveBeenCalled();
    } finally {
      vi.useRealTimers();
    }
  });

  it('keeps what was known before, and gives the last request a second', async () => {
    vi.useFakeTimers();
    try {
      const open = receipt(email('waiting'));
      const read = vi.fn(hang).mockResolvedValueOnce(open);
      const sleep = async () => undefined;
      const waited = waitForReceipt({ read, milliseconds: 100, onReceipt: () => undefined, sleep });
      await vi.advanceTimersByTimeAsync(999);
      expect(vi.getTimerCount()).toBe(1);
      await vi.advanceTimersByTimeAsync(1);
      expect(await waited).toEqual({ receipt: open, failure: new NoAnswerInTimeError() });
    } finally {
      vi.useRealTimers();
    }
  });

  it('does not take a very long time for none', async () => {
    vi.useFakeTimers();
    try {
      const read = vi.fn(hang);
      const waited = waitForReceipt({ read, milliseconds: 2 ** 31 + 5_000, onReceipt: () => undefined });
      await vi.advanceTimersByTimeAsync(1_000_000);
      expect(vi.getTimerCount()).toBe(1);
      await vi.advanceTimersByTimeAsync(2 ** 31);
      expect((await waited).failure).toBeInstanceOf(NoAnswerInTimeError);
    } finally {
      vi.useRealTimers();
    }
  });

  it('says why when the API refuses it', async () => {
    const read = async () => Promise.reject(new Error('HTTP 404'));
    expect(await waitForReceipt({ read, milliseconds: 1_000, onReceipt: () => undefined })).toEqual({
      failure: new Error('HTTP 404'),
    });
  });
});

describe('waiting for a receipt', () => {
  it('ends when every consumer is done, dead or skipped, and asks less and less often', async () => {
    const open = receipt(email('waiting'));
    const { last, readAt } = await wait([open, open, open, open, open, open, receipt(email('done'))]);
    expect(last.consumers).toEqual([email('done')]);
    expect(readAt).toEqual([0, 250, 750, 1_750, 3_750, 5_750, 7_750]);
  });

  it('ends when the time is over, and not later', async () => {
    const { last, readAt } = await wait([receipt(email('failing'))], 1_000);
    expect(last.settled).toBe(false);
    expect(readAt).toEqual([0, 250, 750, 1_000]);
  });

  it('ends at once when no consumer takes the type', async () => {
    const { readAt } = await wait([receipt({ ...email('unknown'), why: 'nobody' })]);
    expect(readAt).toEqual([0]);
  });

  it('waits five seconds for a consumer of which nobody knows whether it takes the event', async () => {
    const { readAt } = await wait([receipt(unknown('filter'))]);
    expect(readAt.at(-1)).toBe(5_750);
    expect(readAt.at(-2)).toBe(3_750);
  });

  it('waits as long as it may for a consumer of which something may still become known', async () => {
    const { readAt } = await wait([receipt(unknown('filter'), unknown('later'))], 10_000);
    expect(readAt.at(-1)).toBe(10_000);
    const { last } = await wait([receipt(unknown('unreadable')), receipt(email('done'))]);
    expect(last.consumers).toEqual([email('done')]);
  });
});

it.each([
  ['done', true],
  ['skipped', true],
  ['dead', false],
  ['failing', false],
  ['waiting', false],
  ['handling', false],
] as const)('%s is well: %s', (status, expected) => {
  expect(isWell(receipt(email('done'), email(status)))).toBe(expected);
});

it.each([
  ['filter', true],
  ['later', false],
  ['type', false],
  ['expired', false],
  ['unreadable', false],
] as const)('unknown because of %s is well: %s', (why, expected) => {
  expect(isWell(receipt(email('done'), unknown(why)))).toBe(expected);
});

describe('a receipt for people', () => {
  it('says what there is to know of each consumer, on a line without orders to the terminal', () => {
    const text = formatReceipt({
      ...receipt(
        { consumer: 'a', status: 'done', since: '2026-11-27T12:00:00.000Z', attempts: 1 },
        { consumer: 'b', status: 'failing', attempts: 2, maxAttempts: 5, reason: 'Error: no\u001b[2J' },
        { consumer: 'c', status: 'dead', attempts: 1, reason: 'Error: too late' },
        { consumer: 'd', status: 'dead', attempts: 3 },
        { consumer: 'e', status: 'unknown', why: 'later' },
        { consumer: 'f', status: 'skipped' },
      ),
      note: 'A note.',
    });
    expect(text.split('\n')).toEqual([
      'CONSUMER  STATUS',
      'a         done     at 2026-11-27T12:00:00.000Z',
      'b         failing  attempt 2 of 5: Error: no\\u{001b}[2J',
      'c         dead     after 1 attempt: Error: too late',
      'd         dead     after 3 attempts',
      'e         unknown  the consumer was deployed or changed after the event was published',
      'f         skipped',
      'A note.',
    ]);
  });

  it('is counted on one line', () => {
    expect(summarizeReceipt(receipt(email('done'), email('done'), email('waiting')))).toBe(
      '2 done, 1 waiting',
    );
    expect(summarizeReceipt(receipt())).toBe('no consumers');
  });
});
