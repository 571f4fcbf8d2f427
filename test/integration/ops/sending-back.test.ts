import { DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import { SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { countMessages } from '../../../lib/ops/count-messages.ts';
import { deadLetterQueueOf } from '../../../lib/ops/dead-letters/dead-letter-queue.ts';
import { lookThrough } from '../../../lib/ops/dead-letters/look-through.ts';
import { redrive } from '../../../lib/ops/dead-letters/redrive.ts';
import type { Selection } from '../../../lib/ops/dead-letters/selection.ts';
import { drain, eventText, fill, type Rig, startRig, text } from './rig.ts';

let rig: Rig;
afterEach(async () => {
  vi.useRealTimers();
  await rig.stop();
});

const dead = () => deadLetterQueueOf(rig.consumer);
const left = async (queueUrl = rig.consumer.deadLetterQueueUrl) =>
  (await countMessages(rig.clients, queueUrl)).waiting;
const idsIn = async (queueUrl: string) =>
  (await drain(rig.clients, queueUrl)).map(({ Body = '' }) => JSON.parse(Body).id as string);
const range = (count: number, name = 'e') => Array.from({ length: count }, (_, index) => `${name}-${index}`);

describe('a redrive of a selection', () => {
  beforeEach(async () => {
    rig = await startRig();
    const bodies = range(25).map((id) => eventText(id));
    await fill(rig.clients, { queueUrl: dead().url, bodies, attributes: { errorName: text('Timeout') } });
  });

  const messageIds = async (): Promise<readonly string[]> => {
    const ids: string[] = [];
    await lookThrough(rig.clients, dead(), {
      visit: async (received) => {
        ids.push(...received.map(({ deadLetter }) => deadLetter.messageId));
        return 'next';
      },
    });
    return ids;
  };

  it('moves one message by its id, as a canary', async () => {
    const [canary = ''] = await messageIds();
    const result = await redrive(rig.clients, dead(), {
      where: rig.where,
      selection: { messageIds: [canary] },
    });
    expect(result).toMatchObject({ moved: 1, left: 0, missing: [] });
    expect([await left(rig.consumer.queueUrl), await left()]).toEqual([1, 24]);
  });

  it.each<[string, Selection, number]>([
    ['an event', { eventId: 'e-7' }, 1],
    ['a text', { text: 'customer-of-e-1' }, 11],
    ['a limit', { limit: 12 }, 12],
    ['an age that none has', { olderThanSeconds: 3_600 }, 0],
    ['an age that all have', { newerThanSeconds: 3_600 }, 25],
  ])('by %s moves those alone', async (_, selection, count) => {
    expect(await redrive(rig.clients, dead(), { where: rig.where, selection })).toMatchObject({
      moved: count,
      left: 0,
    });
    expect([await left(rig.consumer.queueUrl), await left()]).toEqual([count, 25 - count]);
  });

  it('names the messages that are not there', async () => {
    const result = await redrive(rig.clients, dead(), {
      where: rig.where,
      selection: { messageIds: ['no-such-message'] },
    });
    expect(result).toMatchObject({ moved: 0, missing: ['no-such-message'] });
  });

  it('moves them, whatever the clock of this machine says', async () => {
    vi.setSystemTime(Date.now() - 3_600_000);
    const result = await redrive(rig.clients, dead(), {
      where: rig.where,
      selection: { type: 'shop.OrderPlaced' },
    });
    expect(result).toMatchObject({ moved: 25, left: 0 });
  });

  it('leaves those whose reason it needs and cannot read, and counts them', async () => {
    const bodies = [eventText('a'), eventText('b')];
    await fill(rig.clients, { queueUrl: dead().url, bodies });
    const TableName = rig.consumer.idempotencyTable;
    await rig.clients.dynamodb.send(new DeleteTableCommand({ TableName }));
    const selection = { errorName: 'Timeout' };
    expect(await redrive(rig.clients, dead(), { where: rig.where, selection })).toMatchObject({
      moved: 25,
      left: 2,
    });
  });

  it('leaves what SQS refuses, says why, and moves the others', async () => {
    const bodies = [eventText('large', { note: 'x'.repeat(2_000) })];
    await fill(rig.clients, { queueUrl: dead().url, bodies });
    const Attributes = { MaximumMessageSize: '1024' };
    await rig.clients.sqs.send(
      new SetQueueAttributesCommand({ QueueUrl: rig.consumer.queueUrl, Attributes }),
    );
    const result = await redrive(rig.clients, dead(), {
      where: rig.where,
      selection: { type: 'shop.OrderPlaced' },
    });
    expect(result).toMatchObject({
      moved: 25,
      left: 1,
      refused: [{ reason: expect.stringContaining('1024') }],
    });
    expect(await idsIn(dead().url)).toEqual(['large']);
  });

  it('says how many are moved when SQS refuses in the middle', async () => {
    const onProgress = ({ moved }: { readonly moved: number }): void => {
      if (moved >= 10) throw new Error('the terminal is broken');
    };
    const work = redrive(rig.clients, dead(), {
      where: rig.where,
      selection: { type: 'shop.OrderPlaced' },
      onProgress,
    });
    await expect(work).rejects.toThrow(/^the redrive failed after 10 messages: the terminal is broken$/);
    expect([await left(rig.consumer.queueUrl), await left()]).toEqual([10, 15]);
  });
});

it('a batch keeps the bytes that one request may have', async () => {
  rig = await startRig();
  for (const id of range(3)) {
    const bodies = [eventText(id, { note: 'x'.repeat(600_000) })];
    await fill(rig.clients, { queueUrl: dead().url, bodies });
  }
  expect(await redrive(rig.clients, dead(), { where: rig.where, selection: { text: 'note' } })).toMatchObject(
    {
      moved: 3,
      left: 0,
    },
  );
  expect((await idsIn(rig.consumer.queueUrl)).toSorted()).toEqual(range(3));
});

describe('what SNS could not deliver', () => {
  it.each<[string, Selection]>([
    ['all', {}],
    ['a selection', { type: 'shop.OrderPlaced' }],
  ])('goes to the queue of its consumer with all its attributes: %s', async (_, selection) => {
    rig = await startRig();
    const queue = deadLetterQueueOf(rig.consumer, true);
    const attributes = {
      type: text('shop.OrderPlaced.v1'),
      weight: { DataType: 'Number.float', StringValue: '1.5' },
      digest: { DataType: 'Binary.sha256', BinaryValue: Uint8Array.from([0, 255, 128]) },
    };
    await fill(rig.clients, {
      queueUrl: queue.url,
      bodies: range(12).map((id) => eventText(id)),
      attributes,
    });
    expect(await redrive(rig.clients, queue, { where: rig.where, selection })).toMatchObject({
      moved: 12,
      left: 0,
    });
    const messages = await drain(rig.clients, rig.consumer.queueUrl);
    expect(messages.map(({ MessageAttributes }) => MessageAttributes)).toEqual(Array(12).fill(attributes));
    expect(await left(queue.url)).toBe(0);
  });

  it('says so in its reason, whatever the record of a copy says', async () => {
    rig = await startRig();
    const { code, stdout } = await rig.run('dlq', 'list', 'email', '--undelivered');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    await fill(rig.clients, { queueUrl: rig.consumer.undeliveredQueueUrl, bodies: [eventText('e')] });
    const listed = await rig.run('dlq', 'list', 'email', '--undelivered');
    expect(listed.stdout).toContain('Undelivered: SNS could not deliver it');
    expect(listed.stderr).toContain('1 undelivered message of email: 1 of 1 read.');
  });
});

describe('in a FIFO queue', () => {
  beforeEach(async () => {
    rig = await startRig({ fifo: true });
    const bodies = range(12).map((id) => eventText(id));
    await fill(rig.clients, { queueUrl: dead().url, bodies, groupOf: (index) => `group-${index % 3}` });
  });

  it('a list says how many are behind others of their group', async () => {
    const { code, stdout, stderr } = await rig.run('dlq', 'list', 'email');
    expect(stdout.match(/shop\.OrderPlaced\.v1/g)).toHaveLength(1 + 3);
    expect(stderr).toContain('3 of 12 read; 9 are behind others of their message group');
    expect(code).toBe(3);
  });

  it('a redrive keeps the order of each group', async () => {
    expect(
      await redrive(rig.clients, dead(), { where: rig.where, selection: { type: 'shop.OrderPlaced' } }),
    ).toMatchObject({
      moved: 12,
      left: 0,
    });
    const messages = await drain(rig.clients, rig.consumer.queueUrl);
    const groups = Map.groupBy(messages, ({ Attributes }) => Attributes?.MessageGroupId);
    expect(groups.size).toBe(3);
    for (const group of groups.values()) {
      const numbers = group.map(({ Body = '' }) => Number(JSON.parse(Body).id.slice(2)));
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    }
  });

  it('a redrive that leaves a message leaves those behind it, and says so', async () => {
    expect(
      await redrive(rig.clients, dead(), { where: rig.where, selection: { eventId: 'e-3' } }),
    ).toMatchObject({
      moved: 0,
      left: 9,
    });
  });
});
