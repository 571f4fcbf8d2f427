import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { SQSRecord } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import * as z from 'zod';
import { type Clock, systemClock } from '../../lib/aws/clock.ts';
import { type ConsumerProps, defineConsumer } from '../../lib/contracts/define-consumer.ts';
import { defineEvent } from '../../lib/contracts/define-event.ts';
import { type DynamoDBEngine, startDynamoDB } from '../../lib/local/engines/dynamodb.ts';
import { reservePort } from '../../lib/local/engines/reserve-port.ts';
import type { ConsumerSetup } from '../../lib/runtime/batch/consumer-setup.ts';
import { processBatch } from '../../lib/runtime/batch/process-batch.ts';
import { NO_EVENT_DATA, NO_SECRETS } from '../apps/no-event-data.ts';

const Asked = defineEvent({ type: 'test.Asked', version: 1, description: 'Asked.', data: z.object({}) });
const PER_SECOND = 20;

let engine: DynamoDBEngine;
let client: DynamoDBClient;
let tables = 0;
/** The idempotency table of the test: a new one for each, for it holds the slots too. */
let TableName: string;
/** Commands that reached DynamoDB, by name. */
let requests: string[];
/** When handlers began, and for which events. */
let begun: { id: string; at: number }[];

beforeAll(async () => {
  engine = await startDynamoDB(await reservePort(0, { what: 'test', flag: '', variable: '' }), undefined);
  client = new DynamoDBClient({
    endpoint: engine.endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'y' },
  });
});

afterAll(async () => {
  client.destroy();
  await engine.stop();
});

beforeEach(async () => {
  requests = [];
  begun = [];
  TableName = `records-${++tables}`;
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    }),
  );
});

/** Time goes by so slowly that a busy machine is not late: every slot is used, and the requests can be counted. */
const SLOWNESS = 20;
const beginning = Date.now();
const slowClock: Clock = {
  now: () => beginning + Math.floor((Date.now() - beginning) / SLOWNESS),
  sleep: (milliseconds, options) => systemClock.sleep(milliseconds * SLOWNESS, options),
};

/** An instance of a consumer that may handle twenty events a second. */
function instance(
  props: Partial<ConsumerProps<typeof Asked, never>> = {},
  interfere: (command: object) => Promise<never> | undefined = () => undefined,
): ConsumerSetup {
  const definition = defineConsumer({
    name: 'limited',
    description: 'Tests.',
    listensTo: [Asked],
    rateLimit: { perSecond: PER_SECOND },
    ...props,
  });
  return {
    definition,
    handlers: new Map([['test.Asked', ({ id }) => void begun.push({ id, at: Date.now() })]]),
    idempotencyTable: TableName,
    queueUrl: 'queue',
    deadLetterQueueUrl: 'dead-letters',
    tables: {},
    telemetry: {
      loggerFor: () => ({ debug() {}, info() {}, warn() {}, error() {} }),
      begin: () => undefined,
      report: () => undefined,
    },
    ports: {
      // The port's send is generic over commands; this stand-in answers those that the runtime sends.
      dynamodb: {
        send: (command: object) => {
          requests.push(command.constructor.name);
          return interfere(command) ?? client.send(command as never);
        },
      } as unknown as ConsumerSetup['ports']['dynamodb'],
      sqs: { send: () => Promise.resolve({}) } as unknown as ConsumerSetup['ports']['sqs'],
      eventData: NO_EVENT_DATA,
      getSecret: NO_SECRETS,
      clock: systemClock,
      random: () => 0.5,
      newToken: () => crypto.randomUUID(),
    },
  };
}

function message(id: string = crypto.randomUUID(), group?: string): SQSRecord {
  return {
    messageId: crypto.randomUUID(),
    receiptHandle: id,
    body: JSON.stringify({ specversion: '1.0', id, source: '/test', type: 'test.Asked.v1', data: {} }),
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '0',
      SenderId: 'x',
      ApproximateFirstReceiveTimestamp: '0',
      ...(group !== undefined && { MessageGroupId: group }),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:eu-west-1:1:queue${group === undefined ? '' : '.fifo'}`,
    awsRegion: 'eu-west-1',
  };
}

const slow = (setup: ConsumerSetup): ConsumerSetup => ({
  ...setup,
  ports: { ...setup.ports, clock: slowClock },
});
const batch = (count: number): SQSRecord[] => Array.from({ length: count }, () => message());
const run = (setup: ConsumerSetup, records: readonly SQSRecord[], remainingMs = 30_000): Promise<string[]> =>
  processBatch(setup, records, remainingMs).then(({ batchItemFailures }) =>
    batchItemFailures.map(({ itemIdentifier }) => itemIdentifier),
  );
const itemOf = async (id: string) =>
  (await client.send(new GetItemCommand({ TableName, Key: { id: { S: id } } }))).Item;
const isBooking = (command: object): boolean =>
  command instanceof UpdateItemCommand && command.input.Key?.id?.S === 'rate-limit';
const bookUntil = (epochMs: number) =>
  client.send(
    new PutItemCommand({ TableName, Item: { id: { S: 'rate-limit' }, nextSlotAt: { N: String(epochMs) } } }),
  );

it('in no second do more handlers begin than the limit allows, over three instances at once', async () => {
  const failed = await Promise.all([1, 2, 3].map(() => run(instance(), batch(10))));
  expect(failed.flat()).toEqual([]);
  const times = begun.map(({ at }) => at).toSorted((a, b) => a - b);
  expect(times).toHaveLength(30);
  const spans = times.slice(PER_SECOND).map((at, index) => at - (times[index] ?? 0));
  for (const span of spans) expect(span).toBeGreaterThanOrEqual(1_000);
});

it.each(['claim', 'commit'] as const)(
  'costs one request a batch under load (effects: %s)',
  async (effects) => {
    await bookUntil(slowClock.now() + 20);
    await run(slow(instance({ effects, rateLimit: { perSecond: 200 } })), batch(5));
    expect(requests.filter((name) => name === 'UpdateItemCommand')).toHaveLength(1);
  },
);

it('costs a second request when nothing is booked', async () => {
  await run(slow(instance({ rateLimit: { perSecond: 200 } })), batch(5));
  expect(requests).toEqual([
    'BatchExecuteStatementCommand',
    'UpdateItemCommand',
    'UpdateItemCommand',
    'BatchExecuteStatementCommand',
  ]);
});

it('books nothing for duplicates of what is done', async () => {
  const records = batch(3);
  await run(instance(), records);
  const booked = await itemOf('rate-limit');
  expect(await run(instance(), records)).toEqual([]);
  expect(begun).toHaveLength(3);
  expect(await itemOf('rate-limit')).toEqual(booked);
});

it.each(['claim', 'commit'] as const)(
  'handles nothing when DynamoDB cannot answer, and leaves the event free for the next delivery (effects: %s)',
  async (effects) => {
    const [record = expect.fail()] = batch(1);
    const refuse = (command: object) =>
      isBooking(command) ? Promise.reject(new Error('DynamoDB is down')) : undefined;
    expect(await run(instance({ effects }, refuse), [record])).toEqual([record.messageId]);
    expect(begun).toEqual([]);
    // Without a claim there is nothing to give back, and a handler that has not begun is no attempt.
    expect((await itemOf(`/test|${record.receiptHandle}`))?.attempts).toEqual(
      effects === 'claim' ? { N: '0' } : undefined,
    );
    expect(await run(instance({ effects }), [record])).toEqual([]);
    expect(begun).toHaveLength(1);
  },
);

it('does not wait for an answer of DynamoDB until it is too late for one', async () => {
  const [record = expect.fail()] = batch(1);
  const hang = (command: object) => (isBooking(command) ? new Promise<never>(() => {}) : undefined);
  expect(await run(instance({}, hang), [record], 600)).toEqual([record.messageId]);
  expect(begun).toEqual([]);
  expect(await itemOf(`/test|${record.receiptHandle}`)).toMatchObject({ status: { S: 'FAILED' } });
});

it('books nothing that the invocation has no time for, and handles nothing', async () => {
  const later = Date.now() + 25_000;
  await bookUntil(later);
  const records = batch(2);
  expect(await run(instance(), records)).toEqual(records.map(({ messageId }) => messageId));
  expect(begun).toEqual([]);
  expect((await itemOf('rate-limit'))?.nextSlotAt).toEqual({ N: String(later) });
});

it('books nothing when the batch alone would take longer than the invocation has', async () => {
  const records = batch(10);
  const failed = await run(instance({ rateLimit: { perSecond: 0.4 }, batchSize: 10 }), records);
  expect(failed).toHaveLength(10);
  expect(begun).toEqual([]);
  expect(await itemOf('rate-limit')).toBeUndefined();
});

it('keeps the order of a message group', async () => {
  const records = ['a', 'b', 'c', 'd'].map((id) => message(id, 'group'));
  expect(await run(instance(), records)).toEqual([]);
  expect(begun.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
});
