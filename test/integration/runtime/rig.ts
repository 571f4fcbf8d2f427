import { CreateTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import * as z from 'zod';
import { systemClock } from '../../../lib/aws/clock.ts';
import { defineConsumer } from '../../../lib/contracts/define-consumer.ts';
import { defineEvent } from '../../../lib/contracts/define-event.ts';
import type { Envelope } from '../../../lib/contracts/envelope/envelope.ts';
import { type DynamoDBEngine, startDynamoDB } from '../../../lib/local/engines/dynamodb.ts';
import { reservePort } from '../../../lib/local/engines/reserve-port.ts';
import { MAX_MESSAGE_BYTES } from '../../../lib/publishing/topic/publish-chunks.ts';
import type { TopicPublisher } from '../../../lib/publishing/topic/topic-publisher.ts';
import type { ConsumerSetup } from '../../../lib/runtime/batch/consumer-setup.ts';
import { processBatch } from '../../../lib/runtime/batch/process-batch.ts';
import { type Handlers, handlerMap } from '../../../lib/runtime/consume.ts';
import type { HandlerContext } from '../../../lib/runtime/handling/handler-context.ts';
import type { BatchReport } from '../../../lib/runtime/telemetry/telemetry.ts';
import { NO_EVENT_DATA, NO_SECRETS } from '../../apps/no-event-data.ts';

export const Asked = defineEvent({
  type: 'test.Asked',
  version: 1,
  description: 'Asked.',
  data: z.object({ n: z.int() }),
});
export const Answered = defineEvent({
  type: 'test.Answered',
  version: 1,
  description: 'Answered.',
  data: z.object({ n: z.int() }),
});
const common = {
  description: 'Tests.',
  listensTo: [Asked],
  emits: [Answered],
  tables: { effects: { partitionKey: 'id' } },
};
export const claimer = defineConsumer({ ...common, name: 'claimer' });
export const committer = defineConsumer({ ...common, name: 'committer', effects: 'commit' });
export const BOTH = [
  ['claim', claimer],
  ['commit', committer],
] as const;
export type Handler = Handlers<typeof claimer>['test.Asked'];

/** What the runtime under test has done, and how its services behave. Begins anew with every test. */
export const seen = {
  /** Commands that reached DynamoDB, by name. */
  requests: [] as string[],
  sqsCommands: [] as object[],
  published: [] as Envelope[],
  reports: [] as BatchReport[],
  warnings: [] as string[],
  /** Called with each command before it is executed; a throw refuses it. */
  before: (_command: object): void => undefined,
  /** Called with each command after it was executed; a throw loses its answer. */
  afterwards: (_command: object): void => undefined,
};

let engine: DynamoDBEngine;
/** The embedded DynamoDB, for tests that look into the tables. */
export let client: DynamoDBClient;

/** Starts the embedded DynamoDB with the tables of the runtime under test, for one test file. */
export function useRig(): void {
  beforeAll(async () => {
    const port = await reservePort(0, { what: 'test', flag: '', variable: '' });
    engine = await startDynamoDB(port, undefined);
    client = new DynamoDBClient({
      endpoint: engine.endpoint,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'x', secretAccessKey: 'y' },
    });
    for (const TableName of ['records', 'effects']) {
      await client.send(
        new CreateTableCommand({
          TableName,
          BillingMode: 'PAY_PER_REQUEST',
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        }),
      );
    }
  });
  afterAll(async () => {
    client.destroy();
    await engine.stop();
  });
  beforeEach(() => {
    Object.assign(seen, {
      requests: [],
      sqsCommands: [],
      published: [],
      reports: [],
      warnings: [],
      before: () => undefined,
      afterwards: () => undefined,
    });
  });
}

let ids = 0;
export const newId = (): string => `event-${++ids}`;

/** @param extra `attempt`: receive count of the message, 1 at its first delivery, which was at `firstReceivedAt` (epoch ms) */
export function message(
  id: string,
  extra: { body?: string; attempt?: number; group?: string; firstReceivedAt?: number } = {},
): SQSRecord {
  const { body, attempt = 1, group, firstReceivedAt = 0 } = extra;
  const event = {
    specversion: '1.0',
    id,
    source: '/test',
    type: 'test.Asked.v1',
    correlationid: 'story',
    data: { n: 1 },
  };
  return {
    messageId: `message-of-${id}-${++ids}`,
    receiptHandle: `handle-${ids}`,
    body: body ?? JSON.stringify(event),
    attributes: {
      ApproximateReceiveCount: String(attempt),
      SentTimestamp: '0',
      SenderId: 'x',
      ApproximateFirstReceiveTimestamp: String(firstReceivedAt),
      ...(group !== undefined && { MessageGroupId: group }),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:eu-west-1:1:queue${group === undefined ? '' : '.fifo'}`,
    awsRegion: 'eu-west-1',
  };
}

const LOGGER = {
  debug: () => undefined,
  info: () => undefined,
  warn: (...line: readonly unknown[]) => void seen.warnings.push(String(line[0])),
  error: (...line: readonly unknown[]) => void seen.warnings.push(String(line[0])),
};

/** A topic that takes everything. */
export const PUBLISHES: TopicPublisher = {
  maxEventBytes: MAX_MESSAGE_BYTES,
  publish: async (events) => {
    seen.published.push(...events);
    return events.map(() => ({ status: 'published', messageId: 'm' }) as const);
  },
};
/** A topic that takes nothing. */
export const REFUSES: TopicPublisher = {
  maxEventBytes: MAX_MESSAGE_BYTES,
  publish: async (events) =>
    events.map(() => ({ status: 'failed', code: 'Throttled', message: '', retryable: true }) as const),
};
/** A topic that never answers, and does not heed the signal. */
export const SILENT: TopicPublisher = {
  maxEventBytes: MAX_MESSAGE_BYTES,
  publish: () => new Promise(() => undefined),
};

/** A dead-letter queue that takes everything, and a queue that sets every visibility. */
async function takeAll(command: object): Promise<object> {
  seen.sqsCommands.push(command);
  if (!(command instanceof SendMessageBatchCommand)) return {};
  return { Successful: (command.input.Entries ?? []).map(({ Id }) => ({ Id })) };
}

/** The runtime under test, on the embedded DynamoDB. */
export function setup(
  definition: ConsumerSetup['definition'],
  handler: Handler,
  change: Partial<ConsumerSetup['ports']> = {},
): ConsumerSetup {
  return {
    definition,
    handlers: handlerMap<typeof claimer>({ 'test.Asked': handler }, undefined),
    idempotencyTable: 'records',
    queueUrl: 'queue',
    deadLetterQueueUrl: 'dead-letters',
    tables: { effects: 'effects' },
    ports: {
      // The ports' send is generic over commands; these stand-ins answer the ones that the runtime sends.
      dynamodb: {
        send: async (command: never) => {
          seen.requests.push((command as object).constructor.name);
          seen.before(command);
          const answer = await client.send(command);
          seen.afterwards(command);
          return answer;
        },
      } as unknown as ConsumerSetup['ports']['dynamodb'],
      sqs: sqsThat(takeAll),
      publisher: PUBLISHES,
      eventData: NO_EVENT_DATA,
      getSecret: NO_SECRETS,
      clock: systemClock,
      random: () => 0.5,
      newToken: () => `token-${++ids}`,
      ...change,
    },
    telemetry: {
      loggerFor: () => LOGGER,
      begin: () => undefined,
      report: (batch) => void seen.reports.push(batch),
    },
  };
}

/** An SQS client that answers as it is told. */
export function sqsThat(send: (command: object) => Promise<object>): ConsumerSetup['ports']['sqs'] {
  return { send } as unknown as ConsumerSetup['ports']['sqs'];
}

/** The messages that the dead-letter queue was sent: ids of their events, and the reasons. */
export function deadLetters(): {
  readonly id: string;
  readonly errorName: string;
  readonly errorMessage: string;
}[] {
  return seen.sqsCommands
    .flatMap((command) => (command instanceof SendMessageBatchCommand ? (command.input.Entries ?? []) : []))
    .map(({ MessageBody = '', MessageAttributes = {} }) => ({
      id: /"id":"([^"]*)"/.exec(MessageBody)?.[1] ?? '',
      errorName: MessageAttributes.errorName?.StringValue ?? '',
      errorMessage: MessageAttributes.errorMessage?.StringValue ?? '',
    }));
}

/** @returns ids of the messages that stay in the queue */
export const run = (consumer: ConsumerSetup, records: readonly SQSRecord[], remainingMs = 10_000) =>
  processBatch(consumer, records, remainingMs).then(({ batchItemFailures }) =>
    batchItemFailures.map(({ itemIdentifier }) => itemIdentifier),
  );
export const countEffect = (ctx: HandlerContext<typeof claimer>, id: string) => ({
  Update: {
    TableName: ctx.tables.effects,
    Key: { id: { S: id } },
    UpdateExpression: 'ADD effects :one',
    ExpressionAttributeValues: { ':one': { N: '1' } },
  },
});
export const commitEffect: Handler = (event, ctx) => ctx.commit([countEffect(ctx, event.id)]);
export const emitAndCommit: Handler = async (event, ctx) => {
  ctx.emit(Answered, { n: event.data.n });
  await commitEffect(event, ctx);
};
export const effectsOf = async (id: string) =>
  Number(
    (await client.send(new GetItemCommand({ TableName: 'effects', Key: { id: { S: id } } }))).Item?.effects
      ?.N ?? 0,
  );
export const recordOf = async (id: string) =>
  (await client.send(new GetItemCommand({ TableName: 'records', Key: { id: { S: `/test|${id}` } } }))).Item;

/** What another invocation has emitted, if it has committed. */
const ANSWER = {
  specversion: '1.0',
  id: 'answer',
  source: '/another',
  type: 'test.Answered.v1',
  data: { n: 1 },
};

/** Puts a record of another invocation into the table. */
export async function putRecord(
  id: string,
  state: Partial<Record<'leaseUntil' | 'expiresAt' | 'attempts' | 'startedAt' | 'failedAt', number>> & {
    readonly status?: string;
    readonly owner?: string;
    readonly alone?: boolean;
    readonly dead?: boolean;
    readonly type?: string;
    readonly digest?: string;
  },
): Promise<void> {
  const {
    status = 'IN_PROGRESS',
    leaseUntil = 0,
    attempts = 1,
    alone = false,
    owner = 'another',
    startedAt = Date.now(),
  } = state;
  const { expiresAt = Math.floor(Date.now() / 1000) + 3600 } = state;
  await client.send(
    new PutItemCommand({
      TableName: 'records',
      Item: {
        id: { S: `/test|${id}` },
        status: { S: status },
        owner: { S: owner },
        leaseUntil: { N: String(leaseUntil) },
        attempts: { N: String(attempts) },
        alone: { BOOL: alone },
        startedAt: { N: String(startedAt) },
        ...(state.dead !== undefined && { dead: { BOOL: state.dead } }),
        ...(state.failedAt !== undefined && { failedAt: { N: String(state.failedAt) } }),
        expiresAt: { N: String(expiresAt) },
        ...(state.type !== undefined && { type: { S: state.type } }),
        ...(state.digest !== undefined && { digest: { S: state.digest } }),
        ...(status === 'COMMITTED' && { outbox: { L: [{ S: JSON.stringify(ANSWER) }] } }),
      },
    }),
  );
}
