import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  ChangeMessageVisibilityBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { deadLetterQueueOf } from '../../../lib/ops/dead-letters/dead-letter-queue.ts';
import { HOLD_SECONDS } from '../../../lib/ops/dead-letters/hold.ts';
import { type LookOptions, lookThrough } from '../../../lib/ops/dead-letters/look-through.ts';

const queue = deadLetterQueueOf({
  name: 'email',
  owner: 'shop-dev',
  label: 'email',
  bus: 'shop-dev-Bus',
  stackName: 'shop-dev-Email',
  queueUrl: 'https://sqs/queue',
  deadLetterQueueUrl: 'https://sqs/dead',
  undeliveredQueueUrl: 'https://sqs/undelivered',
  subscriptionArn: 'arn:aws:sns:eu-west-1:123456789012:topic:1',
  idempotencyTable: 'table',
  functionName: 'function',
});
const clients = { sqs: new SQSClient({}), dynamodb: new DynamoDBClient({}) };
const sqs = mockClient(SQSClient);

beforeEach(() => {
  sqs.reset();
  sqs.on(GetQueueAttributesCommand).resolves({});
  sqs.on(ChangeMessageVisibilityBatchCommand).callsFake(({ Entries }) => ({
    Successful: Entries.map(({ Id }: { readonly Id: string }) => ({ Id })),
  }));
});

afterEach(() => vi.useRealTimers());

/** A handle is the message's id and how often it has been received. */
const batch = (...handles: readonly string[]) => ({
  Messages: handles.map((handle) => ({
    MessageId: handle.slice(0, -1),
    ReceiptHandle: handle,
    Body: 'no event',
  })),
});
const tens = Array.from({ length: 25 }, (_, index) => `m${index}-1`);
const next: LookOptions['visit'] = async () => 'next';

/** The handles with which messages were shown again, or kept hidden. */
const changed = (timeout: number): readonly (string | undefined)[] =>
  sqs
    .commandCalls(ChangeMessageVisibilityBatchCommand)
    .flatMap(({ args: [{ input }] }) => input.Entries ?? [])
    .filter(({ VisibilityTimeout }) => VisibilityTimeout === timeout)
    .map(({ ReceiptHandle }) => ReceiptHandle);

describe('a look', () => {
  it('goes on past messages that come back meanwhile, and shows them by their last handle', async () => {
    sqs
      .on(ReceiveMessageCommand)
      .resolvesOnce(batch('a1'))
      .resolvesOnce(batch('a2'))
      .resolvesOnce(batch('b1'))
      .resolves({});
    const seen: string[] = [];
    await lookThrough(clients, queue, {
      visit: async (received) => {
        seen.push(...received.map(({ deadLetter }) => deadLetter.messageId));
        return 'next';
      },
    });
    expect(seen).toEqual(['a', 'b']);
    expect(changed(0)).toEqual(['a2', 'b1']);
  });

  it('ends when nothing but messages that it has seen comes back', async () => {
    sqs.on(ReceiveMessageCommand).resolves(batch('a1'));
    expect(await lookThrough(clients, queue, { visit: next })).toMatchObject({ ended: 'all', seen: 1 });
  });

  it.each<[string, () => void, LookOptions['visit']]>([
    [
      'a receive is refused',
      () =>
        sqs
          .on(ReceiveMessageCommand)
          .resolvesOnce(batch(...tens.slice(0, 10)))
          .rejects(new Error('broken')),
      next,
    ],
    [
      'whoever looks throws',
      () => sqs.on(ReceiveMessageCommand).resolves(batch(...tens.slice(0, 10))),
      () => Promise.reject(new Error('broken')),
    ],
    [
      'the messages cannot be counted at its end',
      () => {
        sqs
          .on(ReceiveMessageCommand)
          .resolvesOnce(batch(...tens.slice(0, 10)))
          .resolves({});
        sqs.on(GetQueueAttributesCommand).resolvesOnce({}).rejects(new Error('broken'));
      },
      next,
    ],
  ])('shows all messages again when %s', async (_, break_, visit) => {
    break_();
    await expect(lookThrough(clients, queue, { visit })).rejects.toThrow('broken');
    expect(changed(0)).toEqual(tens.slice(0, 10));
  });

  it('shows the others again when SQS refuses a request to show some', async () => {
    sqs
      .on(ReceiveMessageCommand)
      .resolvesOnce(batch(...tens.slice(0, 10)))
      .resolvesOnce(batch(...tens.slice(10, 20)))
      .resolvesOnce(batch(...tens.slice(20)))
      .resolves({});
    sqs.on(ChangeMessageVisibilityBatchCommand).rejectsOnce(new Error('throttled')).resolves({});
    await lookThrough(clients, queue, { visit: next });
    expect(changed(0)).toEqual(tens);
  });

  it('shows messages after a renewal that is under way, which would hide them again', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
    sqs.on(ReceiveMessageCommand).resolvesOnce(batch('a1', 'b1')).resolves({});
    const answered: number[] = [];
    const renewal = Promise.withResolvers<void>();
    sqs.on(ChangeMessageVisibilityBatchCommand).callsFake(async ({ Entries }) => {
      const [{ VisibilityTimeout }] = Entries;
      if (VisibilityTimeout > 0) await renewal.promise;
      answered.push(VisibilityTimeout);
      return { Successful: Entries };
    });
    await lookThrough(clients, queue, {
      visit: async (_, hold) => {
        await vi.advanceTimersByTimeAsync(HOLD_SECONDS * 1_000);
        const released = hold.releaseAllBut('a');
        setImmediate(renewal.resolve);
        await released;
        return 'enough';
      },
    });
    expect(answered.slice(0, 2)).toEqual([HOLD_SECONDS, 0]);
  });

  it('hides messages for a minute, and asks again while it goes on', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
    sqs.on(ReceiveMessageCommand).resolvesOnce(batch('a1', 'b1')).resolvesOnce(batch('c1')).resolves({});
    await lookThrough(clients, queue, {
      visit: async (received, hold) => {
        if (received.length === 2) {
          hold.forget(['b']);
          await vi.advanceTimersByTimeAsync(HOLD_SECONDS * 1_000);
        }
        return 'next';
      },
    });
    const [receive] = sqs.commandCalls(ReceiveMessageCommand);
    expect(receive?.args[0].input).toMatchObject({ VisibilityTimeout: 60 });
    expect(changed(HOLD_SECONDS)).toEqual(['a1']);
    expect(changed(0)).toEqual(['a1', 'c1']);
  });
});
