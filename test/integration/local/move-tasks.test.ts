import { CreateTopicCommand, PublishCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CancelMessageMoveTaskCommand,
  DeleteQueueCommand,
  ListMessageMoveTasksCommand,
  type ListMessageMoveTasksResultEntry,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  StartMessageMoveTaskCommand,
  type StartMessageMoveTaskCommandInput,
} from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, it } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { eventually } from '../../apps/client.ts';
import { idOf, run, writeAssembly } from './assembly.ts';

const FIFO = { FifoQueue: true, ContentBasedDeduplication: true };
const queue = (properties: object = {}) => ({ Type: 'AWS::SQS::Queue', Properties: properties });
const servedBy = (dead: string) => ({
  VisibilityTimeout: 1,
  RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': [dead, 'Arn'] }, maxReceiveCount: 1 },
});

let local: LocalStack;
beforeEach(async () => {
  local = await run(
    writeAssembly({
      resources: {
        Dead: queue(),
        Orders: queue(servedBy('Dead')),
        Returns: queue(servedBy('Dead')),
        Elsewhere: queue(),
        FifoDead: queue(FIFO),
        FifoOrders: queue({ ...servedBy('FifoDead'), ...FIFO }),
      },
    }),
  );
});

const arnOf = (logicalId: string) =>
  local.resources.find((resource) => resource.logicalId === logicalId)?.attributes.Arn ?? '';
const visible = (logicalId: string) => local.depthOf(idOf(local, logicalId)).visible;
const send = (logicalId: string, MessageBody: string, more: object = {}) =>
  local.sqs.send(new SendMessageCommand({ QueueUrl: idOf(local, logicalId), MessageBody, ...more }));
const start = (from: string, more: Partial<StartMessageMoveTaskCommandInput> = {}) =>
  local.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: arnOf(from), ...more }));
const list = async (from: string, MaxResults?: number) =>
  (await local.sqs.send(new ListMessageMoveTasksCommand({ SourceArn: arnOf(from), MaxResults }))).Results ??
  [];

async function finished(from: string): Promise<ListMessageMoveTasksResultEntry | undefined> {
  let task: ListMessageMoveTasksResultEntry | undefined;
  await eventually('the task has ended', async () => {
    [task] = await list(from);
    return task?.Status !== 'RUNNING' && task?.Status !== 'CANCELLING';
  });
  return task;
}

/** Lets what is in a queue be received so often that SQS moves it to the dead-letter queue. */
async function die(from: string, dead: string, messages = 1): Promise<void> {
  await eventually(`${messages} are dead`, async () => {
    await local.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: idOf(local, from),
        VisibilityTimeout: 0,
        MaxNumberOfMessages: 10,
      }),
    );
    return visible(dead) === messages;
  });
}

interface Request {
  readonly from?: string;
  readonly to?: string;
  readonly MaxNumberOfMessagesPerSecond?: number;
}

describe('SQS refuses to start a task', () => {
  it.each<[string, Request, string]>([
    ['with a rate of 501', { MaxNumberOfMessagesPerSecond: 501 }, 'between 1 and 500'],
    ['with a rate of 0', { MaxNumberOfMessagesPerSecond: 0 }, 'between 1 and 500'],
    ['with half a message a second', { MaxNumberOfMessagesPerSecond: 0.5 }, 'between 1 and 500'],
    ['from a queue that is no dead-letter queue', { from: 'Orders' }, 'configured as a Dead Letter Queue'],
    [
      'from such a queue although the destination is named',
      { from: 'Orders', to: 'Dead' },
      'configured as a Dead Letter Queue',
    ],
    ['to where the messages are', { to: 'Dead' }, 'cannot be the same'],
    ['from a standard queue to a FIFO queue', { to: 'FifoOrders' }, 'same type'],
  ])('%s', async (_, { from = 'Dead', to, ...more }, message) => {
    const DestinationArn = to && arnOf(to);
    await expect(start(from, { DestinationArn, ...more })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringContaining(message),
      $metadata: { httpStatusCode: 400 },
    });
  });

  it.each([
    ['from a queue that does not exist', { SourceArn: 'arn:aws:sqs:us-east-1:000000000000:no' }, 'SourceArn'],
    [
      'to a queue that does not exist',
      { DestinationArn: 'arn:aws:sqs:us-east-1:000000000000:no' },
      'DestinationArn',
    ],
  ])('%s', async (_, request, parameter) => {
    await expect(start('Dead', request)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: `The resource that you specified for the ${parameter} parameter doesn't exist.`,
      $metadata: { httpStatusCode: 404 },
    });
  });

  it('while another one moves from the same queue', async () => {
    for (const body of ['a', 'b']) await send('Dead', body);
    await start('Dead', { DestinationArn: arnOf('Orders'), MaxNumberOfMessagesPerSecond: 1 });
    await expect(start('Dead', { DestinationArn: arnOf('Orders') })).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringContaining('already a task running'),
    });
    expect(await finished('Dead')).toMatchObject({ Status: 'COMPLETED' });
    await start('Dead', { DestinationArn: arnOf('Orders') });
  });
});

describe('a task without a destination', () => {
  it('sends each message back to the queue that it comes from', async () => {
    await send('Orders', 'order');
    await send('Returns', 'return');
    await die('Orders', 'Dead', 1);
    await die('Returns', 'Dead', 2);
    await start('Dead');
    expect(await finished('Dead')).toMatchObject({
      Status: 'COMPLETED',
      ApproximateNumberOfMessagesMoved: 2,
      ApproximateNumberOfMessagesToMove: 2,
    });
    expect(['Orders', 'Returns', 'Dead'].map(visible)).toEqual([1, 1, 0]);
  });

  it('fails at a message that was sent to the dead-letter queue itself, which stays there', async () => {
    await send('Dead', 'given up by its consumer');
    await start('Dead');
    expect(await finished('Dead')).toMatchObject({
      Status: 'FAILED',
      FailureReason: 'CouldNotDetermineMessageSource',
    });
    expect(visible('Dead')).toBe(1);
  });

  it('sends a FIFO message back although its deduplication id was used a moment ago', async () => {
    await send('FifoOrders', 'order', { MessageGroupId: 'customer', MessageDeduplicationId: 'once' });
    await die('FifoOrders', 'FifoDead');
    await start('FifoDead');
    await finished('FifoDead');
    expect(['FifoOrders', 'FifoDead'].map(visible)).toEqual([1, 0]);
  });
});

it('a message that SQS would not take from a sender is moved as it is', async () => {
  const { TopicArn } = await local.sns.send(new CreateTopicCommand({ Name: 'raw' }));
  await local.sns.send(
    new SubscribeCommand({
      TopicArn,
      Protocol: 'sqs',
      Endpoint: arnOf('Dead'),
      Attributes: { RawMessageDelivery: 'true' },
    }),
  );
  const MessageAttributes = { 'aws.x': { DataType: 'String', StringValue: 'y' } };
  await local.sns.send(new PublishCommand({ TopicArn, Message: 'through SNS', MessageAttributes }));
  await start('Dead', { DestinationArn: arnOf('Elsewhere') });
  expect(await finished('Dead')).toMatchObject({ Status: 'COMPLETED' });
  const QueueUrl = idOf(local, 'Elsewhere');
  expect(
    await local.sqs.send(new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'] })),
  ).toMatchObject({ Messages: [{ Body: 'through SNS', MessageAttributes }] });
});

it('a task whose destination is deleted meanwhile fails, and leaves what it has not moved', async () => {
  for (const body of ['a', 'b', 'c']) await send('Dead', body);
  await start('Dead', { DestinationArn: arnOf('Elsewhere'), MaxNumberOfMessagesPerSecond: 2 });
  await eventually('one is moved', () => visible('Elsewhere') === 1);
  await local.sqs.send(new DeleteQueueCommand({ QueueUrl: idOf(local, 'Elsewhere') }));
  expect(await finished('Dead')).toMatchObject({
    Status: 'FAILED',
    FailureReason: 'AWS.SimpleQueueService.NonExistentQueue',
  });
  expect(visible('Dead')).toBe(2);
});

describe('tasks are listed', () => {
  it('the latest alone, or as many as are asked for, and with a handle only while they run', async () => {
    for (let task = 0; task < 3; task++) {
      await start('Dead', { DestinationArn: arnOf('Orders') });
      await finished('Dead');
    }
    expect(await list('Dead')).toHaveLength(1);
    expect(await list('Dead', 2)).toHaveLength(2);
    expect(await list('Dead', 10)).toHaveLength(3);
    expect((await list('Dead', 10)).map(({ TaskHandle }) => TaskHandle)).toEqual(Array(3).fill(undefined));
  });

  it.each([0, 11])('but not %i of them', async (count) => {
    await expect(list('Dead', count)).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringContaining('MaxResults'),
    });
  });

  it('but not of a queue that does not exist', async () => {
    const SourceArn = 'arn:aws:sqs:us-east-1:000000000000:no';
    await expect(local.sqs.send(new ListMessageMoveTasksCommand({ SourceArn }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

describe('a task is cancelled', () => {
  it('while it runs, and what is not moved stays and is there at once', async () => {
    const Entries = ['a', 'b', 'c'].map((Id) => ({ Id, MessageBody: Id }));
    await local.sqs.send(new SendMessageBatchCommand({ QueueUrl: idOf(local, 'Dead'), Entries }));
    const { TaskHandle } = await start('Dead', {
      DestinationArn: arnOf('Elsewhere'),
      MaxNumberOfMessagesPerSecond: 2,
    });
    await eventually('one is moved', () => visible('Elsewhere') === 1);
    expect((await list('Dead'))[0]).toMatchObject({ TaskHandle, Status: 'RUNNING' });
    expect(await local.sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle }))).toMatchObject({
      ApproximateNumberOfMessagesMoved: 1,
    });
    expect(await finished('Dead')).toMatchObject({ Status: 'CANCELLED' });
    expect(visible('Dead')).toBe(2);
  });

  it('not when there is none', async () => {
    const cancel = new CancelMessageMoveTaskCommand({ TaskHandle: 'no' });
    await expect(local.sqs.send(cancel)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
