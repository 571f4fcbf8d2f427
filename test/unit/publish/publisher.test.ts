import {
  AuthorizationErrorException,
  PublishBatchCommand,
  SNSClient,
  ThrottledException,
} from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';
import * as fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { chunkEntries } from '../../../lib/aws/chunk-entries.ts';
import type { Envelope } from '../../../lib/contracts/envelope/envelope.ts';
import { entryBytes, MAX_MESSAGE_BYTES } from '../../../lib/publishing/topic/publish-chunks.ts';
import { entryOf } from '../../../lib/publishing/topic/publish-entry.ts';
import { createTopicPublisher } from '../../../lib/publishing/topic/topic-publisher.ts';

const sns = mockClient(SNSClient);
const pauses: number[] = [];
const clock = {
  now: () => 0,
  sleep: async (milliseconds: number) => {
    pauses.push(milliseconds);
  },
};
const publisher = createTopicPublisher({
  sns: new SNSClient({}),
  topicArn: 'arn:topic',
  clock,
  random: () => 1,
});
const events = (count: number, extra: Partial<Envelope> = {}): Envelope[] =>
  Array.from({ length: count }, (_, index) => ({
    specversion: '1.0',
    id: String(index),
    source: '/test',
    type: 'test.Happened.v1',
    ...extra,
  }));
const takeAll = (input: { PublishBatchRequestEntries?: { Id?: string | undefined }[] | undefined }) => ({
  Successful: (input.PublishBatchRequestEntries ?? []).map(({ Id = '' }) => ({ Id, MessageId: `m-${Id}` })),
  Failed: [],
});

beforeEach(() => {
  sns.reset();
  pauses.length = 0;
});

describe('publish', () => {
  it('tries again what failed for a passing reason, and only that', async () => {
    sns
      .on(PublishBatchCommand)
      .resolvesOnce({
        Successful: [{ Id: '0', MessageId: 'm-0' }],
        Failed: [{ Id: '1', Code: 'InternalError', SenderFault: false }],
      })
      .callsFake(takeAll);
    const outcomes = await publisher.publish(events(2));
    expect(outcomes.map(({ status }) => status)).toEqual(['published', 'published']);
    expect(sns.commandCalls(PublishBatchCommand)[1]?.args[0].input.PublishBatchRequestEntries).toHaveLength(
      1,
    );
    expect(pauses).toEqual([100]);
  });

  it('does not try again what is the sender’s fault', async () => {
    sns
      .on(PublishBatchCommand)
      .resolves({ Failed: [{ Id: '0', Code: 'InvalidParameter', Message: 'no', SenderFault: true }] });
    expect(await publisher.publish(events(1))).toEqual([
      { status: 'failed', code: 'InvalidParameter', message: 'no', retryable: false },
    ]);
    expect(sns.commandCalls(PublishBatchCommand)).toHaveLength(1);
  });

  it('tries an event again that was throttled, whoever is said to be at fault', async () => {
    sns
      .on(PublishBatchCommand)
      .resolvesOnce({ Failed: [{ Id: '0', Code: 'Throttled', SenderFault: true }] })
      .callsFake(takeAll);
    expect(await publisher.publish(events(1))).toEqual([{ status: 'published', messageId: 'm-0' }]);
  });

  it('does not try again a request that SNS finds wrong, and says so of each of its events', async () => {
    const denied = new AuthorizationErrorException({ message: 'not allowed', $metadata: {} });
    sns.on(PublishBatchCommand).rejects(denied);
    const outcomes = await publisher.publish(events(2));
    expect(outcomes.map((outcome) => outcome.status === 'failed' && outcome.retryable)).toEqual([
      false,
      false,
    ]);
    expect(sns.commandCalls(PublishBatchCommand)).toHaveLength(1);
  });

  it('gives up after four tries, with pauses that double', async () => {
    sns.on(PublishBatchCommand).rejects(new ThrottledException({ message: 'slow down', $metadata: {} }));
    const [outcome] = await publisher.publish(events(1));
    expect(outcome).toMatchObject({ status: 'failed', code: 'ThrottledException', retryable: true });
    expect(sns.commandCalls(PublishBatchCommand)).toHaveLength(4);
    expect(pauses).toEqual([100, 200, 400]);
  });

  it('says of every event what happened when the network fails', async () => {
    sns.on(PublishBatchCommand).rejects(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }));
    const outcomes = await publisher.publish(events(12));
    const hungUp = { status: 'failed', code: 'Error', message: 'socket hang up', retryable: true };
    expect(outcomes).toEqual(Array.from({ length: 12 }, () => hungUp));
  });

  it('does not take for published what SNS says nothing of, and asks again', async () => {
    sns.on(PublishBatchCommand).resolvesOnce({}).callsFake(takeAll);
    expect(await publisher.publish(events(1))).toEqual([{ status: 'published', messageId: 'm-0' }]);
  });

  it('says so when SNS never says what became of an event', async () => {
    sns.on(PublishBatchCommand).resolves({});
    expect(await publisher.publish(events(1))).toMatchObject([{ code: 'NoAnswer', retryable: true }]);
  });

  it('stops when it is aborted', async () => {
    const controller = new AbortController();
    sns.on(PublishBatchCommand).callsFake(() => {
      controller.abort();
      throw new Error('aborted');
    });
    await publisher.publish(events(1), { signal: controller.signal });
    expect(sns.commandCalls(PublishBatchCommand)).toHaveLength(1);
  });

  it('tells what is known when it is aborted, though SNS never answers and heeds no signal', async () => {
    const controller = new AbortController();
    const send = (command: PublishBatchCommand) => {
      if (command.input.PublishBatchRequestEntries?.length === 10)
        return Promise.resolve(takeAll(command.input));
      setTimeout(() => controller.abort(new Error('no time left')), 10);
      return new Promise(() => undefined);
    };
    const halfSilent = createTopicPublisher({
      sns: { send } as unknown as Pick<SNSClient, 'send'>,
      topicArn: 'arn:topic',
    });
    const outcomes = await halfSilent.publish(events(12), { signal: controller.signal });
    const [early, late] = [outcomes.slice(0, 10), outcomes.slice(10)];
    expect(early.every(({ status }) => status === 'published')).toBe(true);
    expect(late).toMatchObject([{ retryable: true }, { retryable: true }]);
  });

  it('does not send an event that is too large for SNS, but sends the others', async () => {
    sns.on(PublishBatchCommand).callsFake(takeAll);
    const [large, small] = await publisher.publish([
      ...events(1, { data: 'x'.repeat(MAX_MESSAGE_BYTES) }),
      ...events(1),
    ]);
    expect(large).toMatchObject({ status: 'failed', code: 'TooLarge', retryable: false });
    expect(small).toMatchObject({ status: 'published' });
  });

  it('sends nothing for no events', async () => {
    expect(await publisher.publish([])).toEqual([]);
    expect(sns.calls()).toHaveLength(0);
  });
});

describe('publish to a FIFO topic', () => {
  const fifo = createTopicPublisher({ sns: new SNSClient({}), topicArn: 'arn:topic.fifo', clock });
  const idsSent = () =>
    sns
      .commandCalls(PublishBatchCommand)
      .map(({ args }) => args[0].input.PublishBatchRequestEntries?.map(({ Id }) => Number(Id)));

  const group = (partitionkey: string, ids: readonly number[]) =>
    ids.flatMap((id) => events(1, { id: String(id), partitionkey }));

  it('sends events of one group one by one, and those of other groups beside them', async () => {
    sns.on(PublishBatchCommand).callsFake(takeAll);
    const outcomes = await fifo.publish([...group('a', [0, 1, 2]), ...group('b', [3, 4])]);
    expect(outcomes.every(({ status }) => status === 'published')).toBe(true);
    expect(idsSent()).toEqual([[0, 3], [1, 4], [2]]);
  });

  it('lets no group wait for one that shares no request with it', async () => {
    const silent = new AbortController();
    const groups = Array.from({ length: 11 }, (_, index) => group(`g${index}`, index < 10 ? [0, 1] : [0]));
    sns.on(PublishBatchCommand).callsFake(async (input) => {
      const isLast = input.PublishBatchRequestEntries?.some(
        ({ MessageGroupId }: { MessageGroupId?: string }) => MessageGroupId === 'g10',
      );
      return isLast ? new Promise(() => undefined) : takeAll(input);
    });
    const publishing = fifo.publish(groups.flat(), { signal: silent.signal });
    setTimeout(() => silent.abort(), 50);
    const outcomes = await publishing;
    expect(outcomes.filter(({ status }) => status === 'published')).toHaveLength(20);
    expect(sns.commandCalls(PublishBatchCommand)).toHaveLength(3);
  });

  it('sends no later event of a group while an earlier one may still get there', async () => {
    sns
      .on(PublishBatchCommand)
      .resolvesOnce({
        Successful: [{ Id: '2', MessageId: 'm-2' }],
        Failed: [{ Id: '0', Code: 'InternalError', SenderFault: false }],
      })
      .callsFake(takeAll);
    const outcomes = await fifo.publish([...group('a', [0, 1]), ...group('b', [2])]);
    expect(outcomes.every(({ status }) => status === 'published')).toBe(true);
    expect(idsSent()).toEqual([[0, 2], [0], [1]]);
  });

  it('sends nothing of a group after an event that failed for good, and says so of what was not sent', async () => {
    sns
      .on(PublishBatchCommand)
      .resolvesOnce({
        Successful: [{ Id: '3', MessageId: 'm-3' }],
        Failed: [{ Id: '0', Code: 'InvalidParameter', SenderFault: true }],
      })
      .callsFake(takeAll);
    const outcomes = await fifo.publish([...group('a', [0, 1, 2]), ...group('b', [3, 4])]);
    expect(outcomes.map((one) => (one.status === 'failed' ? one.code : 'published'))).toEqual([
      'InvalidParameter',
      'NotSent',
      'NotSent',
      'published',
      'published',
    ]);
    expect(idsSent()).toEqual([[0, 3], [4]]);
  });

  it('sends nothing of a group after an event that is too large for SNS', async () => {
    sns.on(PublishBatchCommand).callsFake(takeAll);
    const large = events(1, { partitionkey: 'a', data: 'x'.repeat(MAX_MESSAGE_BYTES) });
    const outcomes = await fifo.publish([...large, ...group('a', [1]), ...group('b', [2])]);
    expect(outcomes).toMatchObject([{ code: 'TooLarge' }, { code: 'NotSent' }, { status: 'published' }]);
  });

  it('sends the others when one cannot be made into an entry', async () => {
    sns.on(PublishBatchCommand).callsFake(takeAll);
    const data = { amount: 1n };
    const outcomes = await publisher.publish([...events(1, { data }), ...events(1)]);
    expect(outcomes).toMatchObject([{ code: 'NotEncodable', retryable: false }, { status: 'published' }]);
  });
});

describe('entryOf', () => {
  const [event = events(1)[0]] = events(1, { subject: 's', partitionkey: 'customer-1' });

  it('carries only what filters need in attributes', () => {
    expect(Object.keys(event ? (entryOf(event, 0, false).MessageAttributes ?? {}) : {})).toEqual([
      'type',
      'source',
      'subject',
    ]);
  });

  it('makes the partitionkey the message group, and the identity the deduplication id of a FIFO topic', () => {
    expect(event && entryOf(event, 0, true)).toMatchObject({
      MessageGroupId: 'customer-1',
      MessageDeduplicationId: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(event && entryOf(event, 0, false)).not.toHaveProperty('MessageDeduplicationId');
  });

  const groupOn = (kind: 'fifo' | 'standard', attributes: object): string | undefined =>
    events(1, attributes).map((one) => entryOf(one, 0, kind === 'fifo').MessageGroupId)[0];

  it('takes the order of a FIFO topic from the partitionkey alone', () => {
    expect(groupOn('fifo', { partitionkey: 'order-1', tenant: 'acme', producer: 'p' })).toBe('order-1');
  });

  it('takes the fairness of a standard topic from the tenant alone, or from who publishes', () => {
    expect(groupOn('standard', { partitionkey: 'order-1', tenant: 'acme', producer: 'p' })).toBe('acme');
    expect(groupOn('standard', { partitionkey: 'order-1', producer: 'p' })).toBe('p');
    expect(groupOn('standard', { partitionkey: 'order-1' })).toBeUndefined();
  });

  it('takes an empty tenant for none, so that all who send it are not one group', () => {
    expect(groupOn('standard', { tenant: '', producer: 'p' })).toBe('p');
    expect(groupOn('standard', { tenant: '' })).toBeUndefined();
  });

  it.each(['Acme Ltd.', 'ä', 'x'.repeat(129), 4711])(
    'makes a group that SNS takes of the tenant %j',
    (tenant) => {
      expect(groupOn('standard', { tenant })).toMatch(/^[!-~]{1,128}$/);
    },
  );
});

describe('chunkEntries', () => {
  it('keeps both limits and the order, and neither loses nor repeats an entry', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: MAX_MESSAGE_BYTES })), (sizes) => {
        const chunks = chunkEntries(sizes, (size) => size, { maxEntries: 10, maxBytes: MAX_MESSAGE_BYTES });
        expect(chunks.flat()).toEqual(sizes);
        for (const chunk of chunks) {
          expect(chunk.length).toBeGreaterThan(0);
          expect(chunk.length).toBeLessThanOrEqual(10);
          expect(chunk.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
        }
      }),
    );
  });

  it('counts bytes, not characters, and attributes too', () => {
    const attribute = { DataType: 'String', StringValue: 'ä' };
    expect(entryBytes({ Id: '0', Message: 'ä', MessageAttributes: { ä: attribute } })).toBe(2 + 2 + 6 + 2);
  });
});
