import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { startLocal } from '../../../lib/local/start-local.ts';
import { createOpsClients } from '../../../lib/ops/clients.ts';
import { countMessages } from '../../../lib/ops/count-messages.ts';
import type { DeadLetter } from '../../../lib/ops/dead-letters/dead-letter.ts';
import { type DeadLetterQueue, deadLetterQueueOf } from '../../../lib/ops/dead-letters/dead-letter-queue.ts';
import { editDeadLetter } from '../../../lib/ops/dead-letters/edit.ts';
import { lookThrough } from '../../../lib/ops/dead-letters/look-through.ts';
import { purge } from '../../../lib/ops/dead-letters/purge.ts';
import { redrive } from '../../../lib/ops/dead-letters/redrive.ts';
import { type DeployedConsumer, readDeployment } from '../../../lib/ops/deployment.ts';
import type { Whereabouts } from '../../../lib/ops/fanfare-command.ts';
import { committer } from '../../apps/faults/consumer.ts';
import { synthesizeApp } from '../../apps/synthesize-app.ts';

const MANY = 2_000;
const assemblyDirectory = synthesizeApp({
  base: new URL('../../apps/faults/', import.meta.url).href,
  publishEntry: './publish.ts',
  consumers: [{ definition: committer, entry: './committer.ts' }],
});
const folder = mkdtempSync(join(tmpdir(), 'fanfare-purge-'));
let local: LocalStack;
let where: Whereabouts;
let clients: ReturnType<typeof createOpsClients>;
let consumer: DeployedConsumer;
let queue: DeadLetterQueue;
let queues = 0;

beforeAll(async () => {
  local = await startLocal({
    assemblyDirectory,
    ports: { api: 0, aws: 0, dynamodb: 0 },
    log: () => undefined,
  });
  const { awsEndpoint, dynamodbEndpoint } = local;
  const place = { kind: 'local', awsEndpoint, dynamodbEndpoint } as const;
  where = { place, stage: 'dev' };
  clients = createOpsClients(place);
});

/** A consumer as the deployment has it, but with queues that no function empties. */
beforeEach(async () => {
  const [deployed] = (await readDeployment(clients, { app: 'shop', stage: 'dev' })).consumers;
  const make = async (name: string, attributes = {}): Promise<string> => {
    const command = new CreateQueueCommand({ QueueName: `${name}-${++queues}`, Attributes: attributes });
    return (await clients.sqs.send(command)).QueueUrl ?? '';
  };
  const deadLetterQueueUrl = await make('dead');
  const { Attributes } = await clients.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: deadLetterQueueUrl, AttributeNames: ['QueueArn'] }),
  );
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount: 5 });
  const queueUrl = await make('work', { RedrivePolicy });
  consumer = { ...(deployed ?? expect.fail('there is no consumer')), queueUrl, deadLetterQueueUrl };
  queue = deadLetterQueueOf(consumer);
});

afterAll(async () => {
  clients.close();
  await local.stop();
  for (const directory of [assemblyDirectory, folder]) rmSync(directory, { recursive: true, force: true });
});

const event = (id: string, type = 'test.FaultRequested.v1'): string =>
  JSON.stringify({ specversion: '1.0', id, source: '/test', type, data: { fault: 'none' } });

async function kill(bodies: readonly string[], errorName?: string): Promise<void> {
  for (let start = 0; start < bodies.length; start += 10) {
    const attributes = errorName && { errorName: { DataType: 'String', StringValue: errorName } };
    await clients.sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: consumer.deadLetterQueueUrl,
        Entries: bodies.slice(start, start + 10).map((MessageBody, index) => ({
          Id: String(index),
          MessageBody,
          ...(attributes && { MessageAttributes: attributes }),
        })),
      }),
    );
  }
}

async function list(): Promise<DeadLetter[]> {
  const letters: DeadLetter[] = [];
  await lookThrough(clients, queue, {
    visit: async (received) => {
      letters.push(...received.map(({ deadLetter }) => deadLetter));
      return 'next';
    },
  });
  return letters;
}

const inQueue = async (queueUrl: string): Promise<number> => (await countMessages(clients, queueUrl)).waiting;

describe('dead letters', () => {
  it('are listed once each, however many, and are all there afterwards', async () => {
    await kill(Array.from({ length: MANY }, (_, index) => event(`e-${index}`)));
    const ids = new Set((await list()).map(({ eventId }) => eventId));
    expect(ids.size).toBe(MANY);
    expect(await inQueue(consumer.deadLetterQueueUrl)).toBe(MANY);
  });

  it('are shown again when one looks no further', async () => {
    await kill([event('a'), event('b')]);
    await lookThrough(clients, queue, { visit: async () => 'enough' });
    expect(await inQueue(consumer.deadLetterQueueUrl)).toBe(2);
  });

  it('have their reason from their attributes, from the record, or from its silence', async () => {
    await kill([event('given-up')], 'PermanentError');
    await kill([event('exhausted'), event('crashed'), event('untold'), 'no event']);
    const put = (id: string, item: object): Promise<unknown> =>
      clients.dynamodb.send(
        new PutItemCommand({
          TableName: consumer.idempotencyTable,
          Item: { id: { S: `/test|${id}` }, ...item },
        }),
      );
    const error = { M: { name: { S: 'Timeout' }, message: { S: 'it is slow' } } };
    await put('exhausted', { status: { S: 'FAILED' }, attempts: { N: '5' }, error, failedAt: { N: '7' } });
    await put('crashed', { status: { S: 'IN_PROGRESS' }, attempts: { N: '5' } });
    const letters = await list();
    const of = (id: string | undefined) => letters.find(({ eventId }) => eventId === id);
    expect(of('given-up')).toMatchObject({ errorName: 'PermanentError', type: 'test.FaultRequested.v1' });
    expect(of('exhausted')).toMatchObject({
      errorName: 'Timeout',
      errorMessage: 'it is slow',
      attempts: 5,
      lastAt: 7,
    });
    expect(of('crashed')).toMatchObject({ errorName: 'NeverFinished' });
    expect(of('untold')).toMatchObject({ errorName: 'Unknown' });
    expect(of(undefined)).toMatchObject({ body: 'no event', type: undefined });
  });
});

describe('a redrive', () => {
  it('moves all of them by SQS’s own task', async () => {
    await kill(
      Array.from({ length: 25 }, (_, index) => event(`e-${index}`)),
      'PermanentError',
    );
    expect(await redrive(clients, queue, { where, selection: {} })).toMatchObject({ moved: 25, left: 0 });
    expect(await inQueue(consumer.queueUrl)).toBe(25);
    expect(await inQueue(consumer.deadLetterQueueUrl)).toBe(0);
  });

  it('moves only those that are chosen, without their reason', async () => {
    await kill([event('a'), event('b')], 'Timeout');
    await kill([event('c')], 'Other');
    expect(await redrive(clients, queue, { where, selection: { errorName: 'Timeout' } })).toMatchObject({
      moved: 2,
      left: 0,
    });
    const { Messages = [] } = await clients.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: consumer.queueUrl,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
      }),
    );
    expect(Messages.map(({ Body = '{}' }) => JSON.parse(Body).id).toSorted()).toEqual(['a', 'b']);
    expect(Messages.map(({ MessageAttributes }) => MessageAttributes?.errorName)).toEqual([
      undefined,
      undefined,
    ]);
    expect((await list()).map(({ eventId }) => eventId)).toEqual(['c']);
  });

  it.each([
    ['of all', {}],
    ['of a selection', { type: 'test.FaultRequested' }],
  ])('%s that is stopped half-way loses nothing', async (_, selection) => {
    await kill(Array.from({ length: 200 }, (_, index) => event(`e-${index}`)));
    const abort = new AbortController();
    const onProgress = ({ moved }: { moved: number }): void => {
      if (moved >= 20) abort.abort();
    };
    const { moved } = await redrive(clients, queue, {
      where,
      selection,
      perSecond: 100,
      signal: abort.signal,
      onProgress,
    });
    expect(moved).toBeLessThan(200);
    const dead = await countMessages(clients, consumer.deadLetterQueueUrl);
    expect((await inQueue(consumer.queueUrl)) + dead.waiting + dead.inFlight).toBeGreaterThanOrEqual(200);
  });
});

describe('an edit', () => {
  it('sends the event back with other data, under its own id', async () => {
    await kill([event('a'), event('b')]);
    const { messageId = '' } = (await list()).find(({ eventId }) => eventId === 'b') ?? {};
    const edit = () => ({ fault: 'throw' });
    expect(await editDeadLetter(clients, queue, { messageId, edit })).toMatchObject({
      deadLetter: { eventId: 'b' },
      sent: true,
    });
    const command = new ReceiveMessageCommand({ QueueUrl: consumer.queueUrl });
    const [message] = (await clients.sqs.send(command)).Messages ?? [];
    expect(JSON.parse(message?.Body ?? '{}')).toMatchObject({
      id: 'b',
      source: '/test',
      data: { fault: 'throw' },
    });
    expect((await list()).map(({ eventId }) => eventId)).toEqual(['a']);
  });

  it('takes an event that has a link beside its data', async () => {
    const dataref = 'https://a.example/1';
    await kill([JSON.stringify({ ...JSON.parse(event('a')), dataref })]);
    const [{ messageId = '' } = {}] = await list();
    const edit = () => ({ fault: 'throw' });
    expect(await editDeadLetter(clients, queue, { messageId, edit })).toMatchObject({ sent: true });
  });

  it('that fails leaves the dead letter where it is', async () => {
    await kill(['no event']);
    const [{ messageId = '' } = {}] = await list();
    const edit = () => ({});
    await expect(editDeadLetter(clients, queue, { messageId, edit })).rejects.toThrow('is no event');
    await expect(editDeadLetter(clients, queue, { messageId: 'other', edit })).rejects.toThrow(
      'no message other',
    );
    expect(await list()).toHaveLength(1);
  });
});

describe('an edit of what no consumer could read afterwards', () => {
  const large = {
    dataref: 's3://bus-data/large/test.Asked.v1/a/b',
    datasize: 300_000,
    datasha256: 'a'.repeat(64),
    datadigest: 'd',
    data: undefined,
  };
  const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);

  it.each([
    ['of an event whose data is in the bucket', large, {}, 'has a link instead of its data'],
    ['of an event with a link of its own', { ...large, dataref: 'https://a.example/1' }, {}, 'has a link'],
    ['to data that is nested too deep in its event', {}, deep(64), 'is nested deeper'],
    ['of an event without a type', { type: undefined }, {}, '/type must be a non-empty string'],
  ])('leaves the dead letter where it is: %s', async (_, change, data, reason) => {
    await kill([JSON.stringify({ ...JSON.parse(event('a')), ...change })]);
    const [{ messageId = '' } = {}] = await list();
    await expect(editDeadLetter(clients, queue, { messageId, edit: () => data })).rejects.toThrow(reason);
    expect(await list()).toHaveLength(1);
  });
});

describe('a purge', () => {
  it('writes down what it deletes', async () => {
    await kill([event('a'), event('b')], 'Timeout');
    await kill([event('c')], 'Other');
    const file = join(folder, 'purged.jsonl');
    expect(await purge(clients, queue, { selection: { errorName: 'Timeout' }, file })).toMatchObject({
      purged: 2,
    });
    const written = readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => JSON.parse(line).data);
    expect(written.map(({ eventId }) => eventId).toSorted()).toEqual(['a', 'b']);
    expect((await list()).map(({ eventId }) => eventId)).toEqual(['c']);
  });

  it('erases the letters of one person, and nobody else’s', async () => {
    const of = (customerId: string) =>
      JSON.stringify({ ...JSON.parse(event(customerId)), data: { customerId } });
    await kill([of('customer-1'), of('customer-2'), of('customer-1'), 'a note about customer-1']);
    const file = join(folder, 'erased.jsonl');
    expect(await purge(clients, queue, { selection: { text: 'customer-1' }, file })).toMatchObject({
      purged: 3,
    });
    expect((await list()).map(({ eventId }) => eventId)).toEqual(['customer-2']);
  });

  it('deletes nothing when the file is there already', async () => {
    await kill([event('a')]);
    const file = join(folder, 'purged.jsonl');
    await expect(purge(clients, queue, { selection: {}, file })).rejects.toThrow('EEXIST');
    expect(await list()).toHaveLength(1);
  });
});
