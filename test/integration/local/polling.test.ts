import { PublishCommand } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { eventually } from '../../apps/client.ts';
import { functionOf, idOf, run, writeAssembly } from './assembly.ts';

/** Prints each event that it gets; what a message says about itself happens to it or to its batch. */
const WORKER = `exports.handler = async (event) => {
  console.log('EVENT ' + JSON.stringify(event));
  const bodies = event.Records.map(({ body }) => body);
  if (bodies.includes('crash')) process.exit(1);
  if (bodies.includes('hang')) await new Promise((resolve) => setTimeout(resolve, 60_000));
  const failed = event.Records.filter(({ body }) => body === 'fail');
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}`;

const worker = functionOf(WORKER, { Timeout: 1 });
const logs: string[] = [];
let local: LocalStack;

/** A queue with a dead-letter queue, and a mapping to the worker. */
function consumer(id: string, mapping: object, queue: object = {}): Record<string, object> {
  return {
    [`${id}Dead`]: { Type: 'AWS::SQS::Queue', Properties: queue },
    [`${id}Queue`]: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        VisibilityTimeout: 2,
        RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': [`${id}Dead`, 'Arn'] }, maxReceiveCount: 2 },
        ...queue,
      },
    },
    [`${id}Worker`]: worker.resource,
    [`${id}Mapping`]: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: { 'Fn::GetAtt': [`${id}Queue`, 'Arn'] },
        FunctionName: { Ref: `${id}Worker` },
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ...mapping,
      },
    },
  };
}

function subscription(queue: string, properties: object = {}): object {
  return {
    Type: 'AWS::SNS::Subscription',
    Properties: {
      TopicArn: { Ref: 'Topic' },
      Protocol: 'sqs',
      Endpoint: { 'Fn::GetAtt': [queue, 'Arn'] },
      RawMessageDelivery: true,
      ...properties,
    },
  };
}

/** The events that a consumer's function has got, oldest first. */
function eventsOf(id: string): SQSEvent[] {
  return logs
    .filter((line) => line.includes(`Shop-${id}Worker`) && line.includes('EVENT '))
    .map((line) => JSON.parse(line.slice(line.indexOf('EVENT ') + 'EVENT '.length)));
}

const bodiesOf = (id: string): string[][] =>
  eventsOf(id).map(({ Records }) => Records.map(({ body }) => body));
const send = (id: string, ...bodies: string[]) =>
  local.sqs.send(
    new SendMessageBatchCommand({
      QueueUrl: idOf(local, `${id}Queue`),
      Entries: bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody })),
    }),
  );
const deadOf = async (id: string): Promise<number> => {
  const { Attributes } = await local.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: idOf(local, `${id}Dead`), AttributeNames: ['All'] }),
  );
  return Number(Attributes?.ApproximateNumberOfMessages);
};

beforeAll(async () => {
  const assembly = writeAssembly({
    resources: {
      Topic: { Type: 'AWS::SNS::Topic' },
      ...consumer('Plain', { BatchSize: 1 }),
      ...consumer('Window', { BatchSize: 25, MaximumBatchingWindowInSeconds: 1 }),
      ...consumer('Long', { BatchSize: 25, MaximumBatchingWindowInSeconds: 300 }),
      ...consumer('Partial', { BatchSize: 10, MaximumBatchingWindowInSeconds: 1 }),
      ...consumer('Crash', { BatchSize: 1 }),
      ...consumer('Hang', { BatchSize: 1 }),
      ...consumer('Whole', { BatchSize: 1, FunctionResponseTypes: [] }),
      ...consumer('Off', { Enabled: false }),
      ...consumer('Fifo', { BatchSize: 1 }, { FifoQueue: true, ContentBasedDeduplication: true }),
      PlainSubscription: subscription('PlainQueue', { FilterPolicy: { type: ['order'] } }),
      BodySubscription: subscription('WindowQueue', {
        FilterPolicyScope: 'MessageBody',
        FilterPolicy: { kind: ['batch'] },
      }),
    },
    bundles: { ...worker.bundles },
  });
  local = await run(assembly, { verbose: true, log: (line) => logs.push(line) });
});

it('waits for a second at most, whatever the batching window is', async () => {
  await send('Long', 'waiting');
  await eventually('it has come', () => bodiesOf('Long').flat().includes('waiting'));
});

describe('a message that is published', () => {
  it('reaches the function in the shape that Lambda gives it, when the filter policy lets it through', async () => {
    const publish = (Message: string, type: string) =>
      local.sns.send(
        new PublishCommand({
          TopicArn: idOf(local, 'Topic'),
          Message,
          MessageAttributes: { type: { DataType: 'String', StringValue: type } },
        }),
      );
    await publish('not for it', 'other');
    await publish('for it', 'order');
    await eventually('the function has it', () => eventsOf('Plain').length > 0);
    expect(eventsOf('Plain')).toEqual([
      {
        Records: [
          {
            messageId: expect.any(String),
            receiptHandle: expect.any(String),
            body: 'for it',
            attributes: {
              ApproximateReceiveCount: '1',
              SentTimestamp: expect.stringMatching(/^\d{13}$/),
              SenderId: expect.any(String),
              ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
            },
            messageAttributes: {
              type: { stringValue: 'order', stringListValues: [], binaryListValues: [], dataType: 'String' },
            },
            md5OfBody: expect.stringMatching(/^[\da-f]{32}$/),
            eventSource: 'aws:sqs',
            eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:Shop-PlainQueue',
            awsRegion: 'us-east-1',
          },
        ],
      },
    ]);
    await eventually('it is deleted', () => local.isQuiet());
  });

  it('is gathered with those that come while the batching window is open', async () => {
    for (let number = 0; number < 20; number++) {
      const Message = JSON.stringify({ kind: 'batch', number });
      await local.sns.send(new PublishCommand({ TopicArn: idOf(local, 'Topic'), Message }));
    }
    await eventually('all have come', () => bodiesOf('Window').flat().length === 20);
    // Without a window there would be a batch for almost every one.
    expect(bodiesOf('Window').length).toBeLessThanOrEqual(6);
    expect(Math.max(...bodiesOf('Window').map((batch) => batch.length))).toBeGreaterThan(1);
  });
});

describe.concurrent('what fails comes back after its visibility timeout, and dies when it was received often enough', () => {
  it('a message that the function reports; the others of its batch are done', async () => {
    await send('Partial', 'a', 'fail', 'b');
    await eventually('it is dead', async () => (await deadOf('Partial')) === 1);
    expect(bodiesOf('Partial').flat().toSorted()).toEqual(['a', 'b', 'fail', 'fail']);
    const counts = local.consumers().find(({ functionName }) => functionName === 'Shop-PartialWorker');
    expect(counts).toMatchObject({ received: 4, reportedFailed: 2, counters: { errors: 0 } });
  });

  it.each([
    ['Crash', 'crash', { errors: 2, timeouts: 0 }],
    ['Hang', 'hang', { errors: 2, timeouts: 2 }],
  ])('%s: a message with which the function ends', async (id, body, counters) => {
    await send(id, body, 'fine');
    await eventually('it is dead', async () => (await deadOf(id)) === 1);
    expect(bodiesOf(id).flat().toSorted()).toEqual([body, body, 'fine'].toSorted());
    const counts = local.consumers().find(({ functionName }) => functionName === `Shop-${id}Worker`);
    expect(counts).toMatchObject({ received: 3, reportedFailed: 0, counters });
  });
});

it('takes no notice of reported failures when the mapping does not ask for them', async () => {
  await send('Whole', 'fail');
  await eventually('the function has it', () => eventsOf('Whole').length > 0);
  await eventually('it is deleted', () => local.depthOf(idOf(local, 'WholeQueue')).inFlight === 0);
  expect([eventsOf('Whole').length, await deadOf('Whole')]).toEqual([1, 0]);
});

it('leaves the queue of a disabled mapping alone', async () => {
  await send('Off', 'a');
  expect(local.depthOf(idOf(local, 'OffQueue'))).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
  expect(eventsOf('Off')).toEqual([]);
});

it('keeps the order of a message group, one behind the other', async () => {
  const bodies = Array.from({ length: 6 }, (_, index) => `n${index}`);
  for (const MessageBody of bodies) {
    await local.sqs.send(
      new SendMessageCommand({ QueueUrl: idOf(local, 'FifoQueue'), MessageBody, MessageGroupId: 'g' }),
    );
  }
  await eventually('all have come', () => bodiesOf('Fifo').length === bodies.length);
  expect(bodiesOf('Fifo').flat()).toEqual(bodies);
});
