import type { ChangeMessageVisibilityBatchCommandInput } from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import { type Redelivery, scheduleRedeliveries } from '../../../lib/runtime/batch/redelivery.ts';
import type { Ports } from '../../../lib/runtime/dependencies.ts';

const NOW = 5_000;

async function schedule(
  redeliveries: readonly Redelivery[],
  answer: (request: number) => object,
  until = NOW + 1,
  now = () => NOW,
) {
  const requests: ChangeMessageVisibilityBatchCommandInput[] = [];
  const signals: (AbortSignal | undefined)[] = [];
  const sqs = {
    send: async (
      command: { input: ChangeMessageVisibilityBatchCommandInput },
      { abortSignal }: { abortSignal?: AbortSignal },
    ) => {
      signals.push(abortSignal);
      return answer(requests.push(command.input));
    },
  } as unknown as Ports['sqs'];
  const sleep = (milliseconds: number) =>
    milliseconds > 0 ? new Promise<void>(() => undefined) : Promise.resolve();
  const ports = { sqs, clock: { now, sleep } };
  return {
    unset: await scheduleRedeliveries(ports, { queueUrl: 'queue', until }, redeliveries),
    requests,
    signals,
  };
}

const redeliveries = (count: number): Redelivery[] =>
  Array.from({ length: count }, (_, n) => ({ receiptHandle: `handle-${n}`, delaySeconds: n }));

it('every message has its pause, ten to a request', async () => {
  const { requests, unset, signals } = await schedule(redeliveries(21), () => ({}));
  expect(requests.map(({ QueueUrl }) => QueueUrl)).toEqual(['queue', 'queue', 'queue']);
  expect(requests.map(({ Entries = [] }) => Entries.map(({ Id }) => Id).join())).toEqual([
    '0,1,2,3,4,5,6,7,8,9',
    '0,1,2,3,4,5,6,7,8,9',
    '0',
  ]);
  expect(requests.flatMap(({ Entries = [] }) => Entries).map(({ Id: _, ...entry }) => entry)).toEqual(
    redeliveries(21).map(({ receiptHandle, delaySeconds }) => ({
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: delaySeconds,
    })),
  );
  expect(unset).toBe(0);
  expect(signals).toEqual(Array.from({ length: 3 }, () => expect.any(AbortSignal)));
});

it('what is refused, and all of a request that fails, is counted', async () => {
  const { unset, requests } = await schedule(redeliveries(25), (request) => {
    if (request === 2) throw new Error('no route');
    return { Failed: [{ Id: '0' }, { Id: '1' }] };
  });
  expect(requests).toHaveLength(3);
  expect(unset).toBe(2 + 10 + 2);
});

it.each([0, 10, 20])('no request is empty: %i messages', async (count) => {
  const { requests } = await schedule(redeliveries(count), () => ({}));
  expect(requests).toHaveLength(count / 10);
});

it('what has no answer in time is counted', async () => {
  expect((await schedule(redeliveries(3), () => new Promise(() => undefined), NOW)).unset).toBe(3);
});

it('no request begins when the time is over, and what is left is counted', async () => {
  let now = NOW;
  const slow = () => {
    now += 10;
    return {};
  };
  const { requests, unset } = await schedule(redeliveries(10_000), slow, NOW + 20, () => now);
  expect(requests).toHaveLength(2);
  expect(unset).toBe(10_000 - 20);
});
