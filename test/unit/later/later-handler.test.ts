import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import {
  ConflictException,
  CreateScheduleCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  ResourceNotFoundException,
  SchedulerClient,
  ThrottlingException,
  ValidationException,
} from '@aws-sdk/client-scheduler';
import { PublishBatchCommand, SNSClient } from '@aws-sdk/client-sns';
import { ChangeMessageVisibilityBatchCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createCancellations } from '../../../lib/later/cancellations.ts';
import { createLaterHandler } from '../../../lib/later/create-later-handler.ts';
import { type LaterMessage, serializeLaterMessage } from '../../../lib/later/later-message.ts';
import type { LaterPorts } from '../../../lib/later/later-ports.ts';
import { prefixOfId, prefixOfKey, scheduleName } from '../../../lib/later/schedule-name.ts';
import { createSchedules } from '../../../lib/later/schedules.ts';
import { createTopicPublisher } from '../../../lib/publishing/topic/topic-publisher.ts';

const NOW = Date.UTC(2026, 0, 1, 12);
const sns = mockClient(SNSClient);
const sqs = mockClient(SQSClient);
const scheduler = mockClient(SchedulerClient);
const dynamodb = mockClient(DynamoDBClient);
const clock = { now: () => NOW, sleep: () => new Promise<void>(() => undefined) };
const log = { info: vi.fn(), error: vi.fn() };
const meta = { $metadata: {}, message: 'no', Message: 'no' };

const ports: LaterPorts = {
  sqs: new SQSClient({ region: 'eu-west-1' }),
  publisher: createTopicPublisher({
    sns: new SNSClient({ region: 'eu-west-1' }),
    topicArn: 'arn:aws:sns:eu-west-1:1:topic',
    clock: { ...clock, sleep: async () => undefined },
  }),
  cancellations: createCancellations({
    dynamodb: new DynamoDBClient({ region: 'eu-west-1' }),
    name: 'table',
  }),
  schedules: createSchedules({
    scheduler: new SchedulerClient({ region: 'eu-west-1' }),
    groupName: 'group',
    roleArn: 'role',
    queueArn: 'queue-arn',
    deadLetterQueueArn: 'schedule-dlq-arn',
  }),
  queueUrl: 'queue',
  deadLetterQueueUrl: 'dlq',
  clock,
  log,
};
const handle = createLaterHandler(ports);

function event(seconds: number, more: object = {}) {
  return {
    specversion: '1.0' as const,
    id: 'e1',
    source: '/consumers/orders',
    type: 'shop.PaymentTimedOut.v1',
    time: '2026-01-01T11:00:00.000Z',
    deliverat: new Date(NOW + seconds * 1_000).toISOString(),
    data: {},
    ...more,
  };
}

const record = (body: string, messageId = 'm1', receives = 1) => ({
  messageId,
  receiptHandle: `handle of ${messageId}`,
  body,
  attributes: { ApproximateReceiveCount: String(receives) },
});
const message = (one: LaterMessage, messageId?: string, receives?: number) =>
  record(serializeLaterMessage(one), messageId, receives);

async function run(...records: ReturnType<typeof record>[]): Promise<readonly string[]> {
  const { batchItemFailures } = await handle(
    { Records: records },
    { getRemainingTimeInMillis: () => 30_000 },
  );
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

const published = () =>
  sns
    .commandCalls(PublishBatchCommand)
    .flatMap(({ args: [{ input }] }) => input.PublishBatchRequestEntries ?? [])
    .map(({ Message = '' }) => JSON.parse(Message));
const kept = () =>
  sqs
    .commandCalls(ChangeMessageVisibilityBatchCommand)
    .flatMap(({ args: [{ input }] }) => input.Entries ?? [])
    .map(({ ReceiptHandle, VisibilityTimeout }) => [ReceiptHandle, VisibilityTimeout]);
const errors = () => log.error.mock.calls;
const buried = () =>
  sqs.commandCalls(SendMessageBatchCommand).map(({ args: [{ input }] }) => ({
    queue: input.QueueUrl,
    ...Object.fromEntries(
      (input.Entries ?? []).map(({ MessageBody, MessageAttributes }) => [
        MessageBody,
        `${MessageAttributes?.errorName?.StringValue}: ${MessageAttributes?.errorMessage?.StringValue}`,
      ]),
    ),
  }));
const cancelledAt = (ids: Readonly<Record<string, number>>) =>
  dynamodb.on(BatchGetItemCommand).resolves({
    Responses: {
      table: Object.entries(ids).map(([id, at]) => ({ id: { S: id }, cancelledAt: { N: String(at) } })),
    },
  });

beforeEach(() => {
  for (const client of [sns, sqs, scheduler, dynamodb]) client.reset();
  vi.clearAllMocks();
  sns.on(PublishBatchCommand).callsFake(async ({ PublishBatchRequestEntries: entries }) => ({
    Successful: entries.map(({ Id }: { Id: string }) => ({ Id, MessageId: `sns-${Id}` })),
  }));
  sqs.on(SendMessageBatchCommand).callsFake(async ({ Entries }) => ({
    Successful: Entries.map(({ Id }: { Id: string }) => ({ Id })),
  }));
  sqs.on(ChangeMessageVisibilityBatchCommand).resolves({});
  scheduler.on(CreateScheduleCommand).resolves({});
  scheduler.on(ListSchedulesCommand).resolves({ Schedules: [] });
  scheduler.on(DeleteScheduleCommand).resolves({});
  dynamodb.on(BatchGetItemCommand).resolves({ Responses: {} });
  dynamodb.on(UpdateItemCommand).resolves({});
});

describe('an event that comes later', () => {
  it.each([0, -86_400])('is published as it is when it is due (%d s)', async (seconds) => {
    expect(await run(message({ event: event(seconds) }))).toEqual([]);
    expect(published()).toEqual([event(seconds)]);
    expect(scheduler.calls()).toEqual([]);
  });

  it('may be nested as deep as every other event', async () => {
    // The object of the event is the first of its 64 levels.
    const deep = event(0, { data: JSON.parse('['.repeat(63) + ']'.repeat(63)) });
    expect(await run(message({ event: deep }))).toEqual([]);
    expect([published(), buried()]).toEqual([[deep], []]);
  });

  it.each([
    [0.001, 1],
    [59.2, 60],
    [900, 900],
  ])('waits in the queue to the second when it is due in %d s', async (seconds, visibility) => {
    expect(await run(message({ event: event(seconds) }))).toEqual(['m1']);
    expect(kept()).toEqual([['handle of m1', visibility]]);
    expect(published()).toEqual([]);
    expect(scheduler.calls()).toEqual([]);
    expect(log.error).not.toHaveBeenCalled();
  });

  it('has a schedule two minutes before it is due, when that is in more than 15 minutes', async () => {
    const later = { event: event(901), key: 'payment-1' };
    expect(await run(message(later))).toEqual([]);
    expect(scheduler.commandCalls(CreateScheduleCommand).map(({ args: [{ input }] }) => input)).toEqual([
      {
        Name: scheduleName(later.event, 'payment-1'),
        GroupName: 'group',
        ScheduleExpression: 'at(2026-01-01T12:13:01)',
        ScheduleExpressionTimezone: 'UTC',
        FlexibleTimeWindow: { Mode: 'OFF' },
        ActionAfterCompletion: 'DELETE',
        Target: {
          Arn: 'queue-arn',
          RoleArn: 'role',
          Input: serializeLaterMessage(later),
          DeadLetterConfig: { Arn: 'schedule-dlq-arn' },
          RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
        },
      },
    ]);
    expect(published()).toEqual([]);
  });

  it('is done when its schedule is there already: a crash came before the acknowledgement', async () => {
    scheduler.on(CreateScheduleCommand).rejects(new ConflictException({ ...meta }));
    expect(await run(message({ event: event(86_400) }))).toEqual([]);
    expect(log.error).not.toHaveBeenCalled();
  });

  it('is published twice when the batch has other data under the same id: its consumers report the conflict', async () => {
    const asked = (n: number) => event(0, { source: '/shop', data: { n } });
    expect(await run(message({ event: asked(1) }, 'a'), message({ event: asked(2) }, 'b'))).toEqual([]);
    expect(published().map(({ data }) => data)).toEqual([{ n: 1 }, { n: 2 }]);
  });

  it('is published once when it is in the batch twice, and twice when in two versions', async () => {
    const other = event(0, { type: 'shop.PaymentTimedOut.v2' });
    expect(
      await run(
        message({ event: event(0) }, 'a'),
        message({ event: event(0) }, 'b'),
        message({ event: other }, 'c'),
      ),
    ).toEqual([]);
    expect(published().map(({ type }) => type)).toEqual([
      'shop.PaymentTimedOut.v1',
      'shop.PaymentTimedOut.v2',
    ]);
  });
});

describe('a message comes again', () => {
  it.each([
    ['the schedule is throttled', 1, 2],
    ['the schedule is throttled', 3, 8],
    ['the schedule is throttled', 400, 900],
  ])('when %s, at receive %d after %d s', async (_, receives, pause) => {
    scheduler.on(CreateScheduleCommand).rejects(new ThrottlingException({ ...meta }));
    expect(await run(message({ event: event(86_400) }, 'm1', receives))).toEqual(['m1']);
    expect(kept()).toEqual([['handle of m1', pause]]);
    expect(log.error).toHaveBeenCalledExactlyOnceWith('a message has failed, and comes again', {
      messageId: 'm1',
      error: expect.any(ThrottlingException),
    });
  });

  it('when the topic does not take it now', async () => {
    sns.on(PublishBatchCommand).resolves({
      Failed: [{ Id: '0', Code: 'InternalError', Message: 'later', SenderFault: false }],
    });
    expect(await run(message({ event: event(0) }))).toEqual(['m1']);
    expect(kept()).toEqual([['handle of m1', 2]]);
  });

  it('when it is not known whether it is cancelled: it is not published on the off-chance', async () => {
    dynamodb.on(BatchGetItemCommand).rejects(new Error('down'));
    expect(await run(message({ event: event(0) }), message({ event: event(9_000) }, 'm2'))).toEqual([
      'm1',
      'm2',
    ]);
    expect(published()).toEqual([]);
    expect(scheduler.calls()).toEqual([]);
  });

  it('when it is a cancellation that the table does not take', async () => {
    const cancel = { owner: '/consumers/orders', key: 'k', at: '2026-01-01T11:30:00.000Z' };
    dynamodb.on(UpdateItemCommand).rejects(new Error('down'));
    expect(await run(message({ cancel }))).toEqual(['m1']);
    expect(scheduler.calls()).toEqual([]);
  });

  it('alone: the other messages of its batch are done', async () => {
    scheduler.on(CreateScheduleCommand).rejects(new ThrottlingException({ ...meta }));
    const due = message({ event: event(0, { id: 'e2' }) }, 'due');
    expect(await run(message({ event: event(86_400) }), due)).toEqual(['m1']);
    expect(published().map(({ id }) => id)).toEqual(['e2']);
  });

  it('when the time of the invocation is over before it is published', async () => {
    const { promise: never } = Promise.withResolvers<never>();
    const stuck = createLaterHandler({
      sqs: new SQSClient({ region: 'eu-west-1' }),
      publisher: { maxEventBytes: 1, publish: async () => [] },
      cancellations: { add: () => never, read: () => never },
      schedules: { create: () => never, remove: () => never },
      queueUrl: 'queue',
      deadLetterQueueUrl: 'dlq',
      clock: { now: () => NOW, sleep: async () => undefined },
      log,
    });
    const { batchItemFailures } = await stuck(
      { Records: [message({ event: event(0) })] },
      { getRemainingTimeInMillis: () => 6_000 },
    );
    expect(batchItemFailures).toEqual([{ itemIdentifier: 'm1' }]);
  });

  it('also when its visibility cannot be changed, which only makes it later', async () => {
    sqs.on(ChangeMessageVisibilityBatchCommand).rejects(new Error('down'));
    expect(await run(message({ event: event(100) }))).toEqual(['m1']);
  });

  it('also when SQS refuses to change its visibility, and the log says which message and why', async () => {
    sqs.on(ChangeMessageVisibilityBatchCommand).resolves({
      Failed: [{ Id: '1', Code: 'ReceiptHandleIsInvalid', Message: 'expired', SenderFault: true }],
    });
    const both = [message({ event: event(100) }, 'm1'), message({ event: event(100, { id: 'e2' }) }, 'm2')];
    expect(await run(...both)).toEqual(['m1', 'm2']);
    expect(errors()).toEqual([
      [
        'a message comes again at another time than it should',
        { messageId: 'm2', code: 'ReceiptHandleIsInvalid', reason: 'expired' },
      ],
    ]);
  });
});

describe('a message goes to the dead-letter queue with the reason', () => {
  it.each([
    ['that is no JSON', 'what?', /^JsonError: /],
    ['that is a list', '[]', /^TypeError: the message is not a JSON object$/],
    ['that is something else', '{"a":1}', /none of the members event, cancel and recurring$/],
    ['whose event is none', '{"event":{"id":"1"}}', /the event of the message is not valid: \/specversion /],
    [
      'whose cancellation has no time',
      '{"cancel":{"owner":"a","key":"b","at":"now"}}',
      /cancel\.at .* 'now'$/,
    ],
    ['whose key is empty', '{"cancel":{"owner":"a","key":"","at":"2026-01-01"}}', /cancel\.key/],
    [
      'whose cancellation has no room in a key of the table',
      JSON.stringify({ cancel: { owner: '/a', key: 'ü'.repeat(1_023), at: '2026-01-01' } }),
      /cancel\.owner and cancel\.key together have 2048 bytes; at most 2047 are allowed$/,
    ],
    [
      'whose event has no room for its key there',
      JSON.stringify({ event: event(0), key: 'k'.repeat(2_048) }),
      /the source of the event and key together have 2065 bytes/,
    ],
    [
      'whose schedule has no room for its source there',
      JSON.stringify({ recurring: { type: 'a', source: 's'.repeat(2_048), scheduledAt: '2026-01-01' } }),
      /recurring\.source and the id of the event together have 2084 bytes/,
    ],
  ])('%s', async (_, body, reason) => {
    expect(await run(record(body))).toEqual([]);
    expect(buried()).toEqual([{ queue: 'dlq', [body]: expect.stringMatching(reason) }]);
  });

  it('when EventBridge Scheduler will never take its schedule', async () => {
    scheduler.on(CreateScheduleCommand).rejects(new ValidationException({ ...meta, message: 'too large' }));
    const one = message({ event: event(86_400) });
    expect(await run(one)).toEqual([]);
    expect(buried()).toEqual([{ queue: 'dlq', [one.body]: 'ValidationException: too large' }]);
  });

  it('when the topic will never take it', async () => {
    sns.on(PublishBatchCommand).resolves({
      Failed: [{ Id: '0', Code: 'InvalidParameter', Message: 'bad', SenderFault: true }],
    });
    const one = message({ event: event(0) });
    expect(await run(one)).toEqual([]);
    expect(buried()).toEqual([
      { queue: 'dlq', [one.body]: 'Error: the event was not published: InvalidParameter bad' },
    ]);
  });

  it('which the log has too, once it is there', async () => {
    await run(record('what?'));
    expect(errors()).toEqual([
      [
        'a message is given up, and is in the dead-letter queue',
        { messageId: 'm1', error: expect.objectContaining({ name: 'JsonError' }) },
      ],
    ]);
  });

  it.each([
    [
      'refuses it, and the log says why',
      {
        Failed: [{ Id: '0', Code: 'InvalidMessageContents', Message: 'a character', SenderFault: true }],
      },
      'InvalidMessageContents: a character',
    ],
    ['does not mention it, and the log says so', {}, 'NoAnswer: the answer of SQS does not mention it'],
  ])('but comes again when that queue %s', async (_, answer, reason) => {
    sqs.on(SendMessageBatchCommand).resolves(answer);
    expect(await run(record('what?'))).toEqual(['m1']);
    expect(errors()).toEqual([
      [
        'the dead-letter queue does not take a message, which comes again',
        { messageId: 'm1', error: new Error(reason) },
      ],
      [
        'a message is given up, but is not in the dead-letter queue yet',
        expect.objectContaining({ messageId: 'm1' }),
      ],
    ]);
  });

  it('and only the one that the queue refuses comes again', async () => {
    sqs.on(SendMessageBatchCommand).resolves({
      Successful: [{ Id: '1', MessageId: 'd', MD5OfMessageBody: '' }],
      Failed: [{ Id: '0', Code: 'InternalError', SenderFault: false }],
    });
    expect(await run(record('what?', 'm1'), record('who?', 'm2'))).toEqual(['m1']);
    expect(errors().map(([text]) => text)).toEqual([
      'the dead-letter queue does not take a message, which comes again',
      'a message is given up, but is not in the dead-letter queue yet',
      'a message is given up, and is in the dead-letter queue',
    ]);
    expect(errors()[0]?.[1]).toEqual({
      messageId: 'm1',
      error: new Error('InternalError: SQS gave no reason'),
    });
  });

  it('but comes again when that queue does not answer', async () => {
    sqs.on(SendMessageBatchCommand).rejects(new Error('down'));
    expect(await run(record('what?'))).toEqual(['m1']);
    expect(errors()[0]?.[1]).toEqual({ messageId: 'm1', error: new Error('down') });
  });
});

describe('a queue that is silent', () => {
  const TIMEOUT_MS = 30_000;
  const silent = (): Promise<never> => new Promise(() => undefined);

  it.each([
    ['the dead-letter queue', record('what?', 'm2')],
    ['the queue itself, which keeps a message', message({ event: event(60) }, 'm2')],
  ])('lets no other message come again: %s', async (_, one) => {
    const asked = Promise.withResolvers<void>();
    sqs.onAnyCommand().callsFake(() => {
      asked.resolve();
      return silent();
    });
    // The last second before the time-out comes when the queue has been asked.
    const sleep = (milliseconds: number) => (milliseconds === TIMEOUT_MS - 1_000 ? asked.promise : silent());
    const handleInTime = createLaterHandler({ ...ports, clock: { ...clock, sleep } });
    const response = await handleInTime(
      { Records: [message({ event: event(0) }, 'm1'), one] },
      { getRemainingTimeInMillis: () => TIMEOUT_MS },
    );
    expect(published()).toHaveLength(1);
    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'm2' }] });
    expect(errors()[0]?.[1]).toMatchObject({ error: { message: 'the time of the invocation is over' } });
  });
});

it('publishes what is due though EventBridge Scheduler is silent about another event', async () => {
  const asked = Promise.withResolvers<void>();
  scheduler.on(CreateScheduleCommand).callsFake(() => {
    setTimeout(asked.resolve, 20);
    return new Promise(() => undefined);
  });
  const sleep = (milliseconds: number) =>
    milliseconds === 25_000 ? asked.promise : new Promise<void>(() => undefined);
  const response = await createLaterHandler({ ...ports, clock: { ...clock, sleep } })(
    { Records: [message({ event: event(0) }, 'm1'), message({ event: event(86_400, { id: 'e2' }) }, 'm2')] },
    { getRemainingTimeInMillis: () => 30_000 },
  );
  expect(published()).toHaveLength(1);
  expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'm2' }] });
});

describe('a cancelled event', () => {
  const key = 'payment-1';
  const emitted = Date.parse('2026-01-01T11:00:00.000Z');
  it.each([
    ['by its key, when it was emitted before', { '/consumers/orders|payment-1': emitted + 1 }, 0, key, false],
    ['by its key, at the same moment', { '/consumers/orders|payment-1': emitted }, 0, key, false],
    ['but not one that was emitted after that', { '/consumers/orders|payment-1': emitted - 1 }, 0, key, true],
    ['by its id, whatever its time is', { '/consumers/orders|e1': 0 }, 0, key, false],
    ['by its id, without a key', { '/consumers/orders|e1': 0 }, 0, undefined, false],
    ['before its schedule is made', { '/consumers/orders|e1': 0 }, 86_400, undefined, false],
  ])('is dropped: %s', async (_, cancelled, seconds, eventKey, arrives) => {
    cancelledAt(cancelled);
    expect(await run(message({ event: event(seconds), ...(eventKey && { key: eventKey }) }))).toEqual([]);
    expect(published()).toHaveLength(arrives ? 1 : 0);
    expect(scheduler.calls()).toEqual([]);
    if (!arrives) expect(log.info).toHaveBeenCalledWith('batch', { messages: 1, cancelled: 1 });
  });

  it('of another consumer is none', async () => {
    cancelledAt({ '/consumers/other|payment-1': Number.MAX_SAFE_INTEGER });
    await run(message({ event: event(0), key }));
    expect(published()).toHaveLength(1);
    const [call] = dynamodb.commandCalls(BatchGetItemCommand);
    expect(call?.args[0].input).toEqual({
      RequestItems: {
        table: {
          Keys: [{ id: { S: '/consumers/orders|e1' } }, { id: { S: '/consumers/orders|payment-1' } }],
          ConsistentRead: true,
        },
      },
    });
  });

  it('is found when the table leaves keys unprocessed, and otherwise not taken for granted', async () => {
    const UnprocessedKeys = { table: { Keys: [{ id: { S: '/consumers/orders|e1' } }] } };
    const Responses = { table: [{ id: { S: '/consumers/orders|e1' }, cancelledAt: { N: '0' } }] };
    dynamodb.on(BatchGetItemCommand).resolvesOnce({ UnprocessedKeys }).resolves({ Responses });
    expect(await run(message({ event: event(0) }))).toEqual([]);
    expect(published()).toEqual([]);
    dynamodb.on(BatchGetItemCommand).resolves({ UnprocessedKeys });
    expect(await run(message({ event: event(0) }))).toEqual(['m1']);
  });
});

describe('a cancellation', () => {
  const cancel = { owner: '/consumers/orders', key: 'payment-1', at: '2026-01-01T11:30:00.000Z' };
  const at = String(Date.parse(cancel.at));

  it('is kept for 400 days, unless a later one is there', async () => {
    expect(await run(message({ cancel }))).toEqual([]);
    expect(dynamodb.commandCalls(UpdateItemCommand).map(({ args: [{ input }] }) => input)).toEqual([
      {
        TableName: 'table',
        Key: { id: { S: '/consumers/orders|payment-1' } },
        UpdateExpression: 'SET cancelledAt = :at, expiresAt = :expiresAt',
        ConditionExpression: 'attribute_not_exists(cancelledAt) OR cancelledAt < :at',
        ExpressionAttributeValues: {
          ':at': { N: at },
          ':expiresAt': { N: String(NOW / 1_000 + 400 * 86_400) },
        },
      },
    ]);
    dynamodb.on(UpdateItemCommand).rejects(new ConditionalCheckFailedException({ ...meta }));
    expect(await run(message({ cancel }))).toEqual([]);
  });

  it('holds for an event in the same batch', async () => {
    dynamodb.on(UpdateItemCommand).callsFake(() => {
      cancelledAt({ '/consumers/orders|payment-1': Number(at) });
      return {};
    });
    await run(message({ event: event(0), key: 'payment-1' }), message({ cancel }, 'm2'));
    expect(published()).toEqual([]);
  });

  it('deletes the schedules of events before it, on every page, and not those of events after it', async () => {
    const prefix = prefixOfKey(cancel.owner, cancel.key);
    const inputOf = (time: string) => ({
      Target: {
        Arn: 'a',
        RoleArn: 'r',
        Input: serializeLaterMessage({ event: event(86_400, { time }), key: 'payment-1' }),
      },
    });
    scheduler
      .on(ListSchedulesCommand, { NamePrefix: prefix })
      .resolves({ Schedules: [{ Name: 'before' }], NextToken: 'more' })
      .on(ListSchedulesCommand, { NamePrefix: prefix, NextToken: 'more' })
      .resolves({ Schedules: [{ Name: 'after' }, { Name: 'gone' }] })
      .on(ListSchedulesCommand, { NamePrefix: prefixOfId({ source: cancel.owner, id: cancel.key }) })
      .resolves({ Schedules: [{ Name: 'by its id' }] })
      .on(GetScheduleCommand, { Name: 'before' })
      .resolves(inputOf('2026-01-01T11:30:00.000Z'))
      .on(GetScheduleCommand, { Name: 'after' })
      .resolves(inputOf('2026-01-01T11:30:00.001Z'))
      .on(GetScheduleCommand, { Name: 'gone' })
      .rejects(new ResourceNotFoundException({ ...meta }));
    expect(await run(message({ cancel }))).toEqual([]);
    const deleted = scheduler.commandCalls(DeleteScheduleCommand).map(({ args: [{ input }] }) => input);
    expect(deleted).toEqual([
      { GroupName: 'group', Name: 'by its id' },
      { GroupName: 'group', Name: 'before' },
    ]);
  });

  it('is done when its schedules cannot be deleted: their events are dropped when they are due', async () => {
    scheduler.on(ListSchedulesCommand).rejects(new ThrottlingException({ ...meta }));
    expect(await run(message({ cancel }))).toEqual([]);
    expect(log.error).not.toHaveBeenCalled();
    expect(log.info).toHaveBeenCalledWith(
      'schedules of cancelled events stay, and their events are dropped',
      {
        cancellation: { owner: cancel.owner, key: cancel.key },
        error: expect.any(ThrottlingException),
      },
    );
  });

  it('does not hold up the events of its batch, however long its schedules take', async () => {
    const { promise: listed, resolve } = Promise.withResolvers<object>();
    scheduler.on(ListSchedulesCommand).callsFake(() => listed);
    const due = message({ event: event(0) }, 'due');
    const early = message({ event: event(100, { id: 'e2' }) }, 'early');
    const done = run(message({ cancel }), due, early);
    await vi.waitFor(() => expect(kept()).toEqual([['handle of early', 100]]));
    expect(published()).toEqual([event(0)]);
    resolve({});
    expect(await done).toEqual(['early']);
  });

  it('deletes two hundred schedules at most, ten at once, and lists no more pages than that', async () => {
    const page = (Schedules: object[]) => ({ Schedules, NextToken: 'more' });
    const names = Array.from({ length: 150 }, (_, index) => ({ Name: `s${index}` }));
    scheduler
      .on(ListSchedulesCommand, { NamePrefix: prefixOfId({ source: cancel.owner, id: cancel.key }) })
      .resolves(page(names));
    let [running, most] = [0, 0];
    scheduler.on(DeleteScheduleCommand).callsFake(async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return {};
    });
    expect(await run(message({ cancel }))).toEqual([]);
    expect(scheduler.commandCalls(DeleteScheduleCommand)).toHaveLength(200);
    expect(scheduler.commandCalls(ListSchedulesCommand)).toHaveLength(3);
    expect(most).toBe(10);
    expect(log.info).toHaveBeenCalledWith(
      'schedules of cancelled events stay, and their events are dropped',
      {
        cancellation: { owner: cancel.owner, key: cancel.key },
        error: expect.objectContaining({ message: 'there are more than 200 schedules' }),
      },
    );
  });

  it('ends the deletion of its schedules when the time for it is over', async () => {
    const { promise: never } = Promise.withResolvers<never>();
    const stuck = createLaterHandler({
      sqs: new SQSClient({ region: 'eu-west-1' }),
      publisher: { maxEventBytes: 1, publish: async () => [] },
      cancellations: { add: async () => undefined, read: () => never },
      schedules: { create: () => never, remove: () => never },
      queueUrl: 'queue',
      deadLetterQueueUrl: 'dlq',
      clock: {
        now: () => NOW,
        sleep: (milliseconds: number) => (milliseconds === 8_000 ? Promise.resolve() : never),
      },
      log,
    });
    expect(
      await stuck({ Records: [message({ cancel })] }, { getRemainingTimeInMillis: () => 30_000 }),
    ).toEqual({ batchItemFailures: [] });
  });
});

it('a schedule that fires again and again publishes an event whose id is that of its time', async () => {
  const recurring = {
    type: 'shop.DayEnded.v1',
    source: '/shop-dev/schedule',
    data: { a: 1 },
    scheduledAt: '2026-01-01T12:00:00Z',
  };
  await run(message({ recurring }));
  await run(message({ recurring }));
  await run(message({ recurring: { ...recurring, scheduledAt: '2026-01-02T12:00:00Z' } }));
  const [first, same, next] = published();
  expect(first).toEqual({
    specversion: '1.0',
    id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-5/),
    source: '/shop-dev/schedule',
    type: 'shop.DayEnded.v1',
    time: '2026-01-01T12:00:00.000Z',
    datacontenttype: 'application/json',
    correlationid: first.id,
    data: { a: 1 },
  });
  expect(same).toEqual(first);
  expect(next.id).not.toBe(first.id);
});
