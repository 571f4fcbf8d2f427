import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { GetSubscriptionAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, ListMessageMoveTasksCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import type { Problem } from '../../../lib/ops/problem.ts';
import { trace } from '../../../lib/ops/trace/trace.ts';

const sqs = mockClient(SQSClient);
const sns = mockClient(SNSClient);
const dynamodb = mockClient(DynamoDBClient);
const clients = { sqs: new SQSClient({}), sns: new SNSClient({}), dynamodb: new DynamoDBClient({}) };
const consumerNamed = (name: string) => ({
  name,
  owner: 'shop-dev',
  label: name,
  bus: 'shop-dev-Bus',
  stackName: name,
  queueUrl: `https://sqs/1/${name}`,
  deadLetterQueueUrl: `https://sqs/1/${name}-dead`,
  undeliveredQueueUrl: `https://sqs/1/${name}-undelivered`,
  subscriptionArn: `arn:${name}`,
  idempotencyTable: name,
  functionName: name,
});
const consumers = [consumerNamed('email'), consumerNamed('audit')];
const denied = Object.assign(new Error('not you'), { name: 'AccessDenied' });

beforeEach(() => {
  for (const mock of [sqs, sns, dynamodb]) mock.reset();
  dynamodb.on(ScanCommand).resolves({ Items: [] });
  dynamodb.on(ScanCommand, { TableName: 'email' }).resolves({
    Items: [
      {
        id: { S: '/shop|o-1' },
        type: { S: 'shop.OrderPlaced.v1' },
        status: { S: 'FAILED' },
        error: { M: { name: { S: 'Error' }, message: { S: 'no' } } },
        failedAt: { N: '1' },
        dead: { BOOL: true },
      },
    ],
  });
  sns.on(GetSubscriptionAttributesCommand).resolves({ Attributes: {} });
  sqs.on(GetQueueAttributesCommand).resolves({
    Attributes: { QueueArn: 'arn:queue', ApproximateNumberOfMessages: '1' },
  });
  sqs.on(ListMessageMoveTasksCommand).resolves({});
});

async function told() {
  const problems: Problem[] = [];
  const onProblem = (problem: Problem) => void problems.push(problem);
  const [event] = await trace(clients, { consumers }, { id: 'o-1', onProblem });
  return { handlings: event?.handlings ?? [], problems };
}

it('has a consumer on it that takes all types and has noted nothing', async () => {
  const { handlings, problems } = await told();
  expect(handlings).toMatchObject([{ consumer: 'email' }, { consumer: 'audit', status: 'unseen' }]);
  expect(problems).toEqual([]);
});

it('names a subscription that it may not read', async () => {
  sns.on(GetSubscriptionAttributesCommand, { SubscriptionArn: 'arn:audit' }).rejects(denied);
  expect((await told()).problems).toMatchObject([{ resource: 'subscription', name: 'arn:audit' }]);
});

it.each(['email', 'email-dead'])(
  'names the queue %s when it may not ask it, and tells the record',
  async (name) => {
    sqs.on(GetQueueAttributesCommand, { QueueUrl: `https://sqs/1/${name}` }).rejects(denied);
    const { handlings, problems } = await told();
    expect(problems).toMatchObject([{ name, missing: false }]);
    expect(handlings[0]?.status).toBe('dead');
  },
);

it.each([
  ['RUNNING', 'dead', 2],
  ['COMPLETED', 'redriven', undefined],
] as const)('tells of a redrive of all that is %s', async (Status, status, redriveRunsSince) => {
  sqs.on(ListMessageMoveTasksCommand).resolves({ Results: [{ Status, StartedTimestamp: 2 }] });
  const { handlings } = await told();
  expect(handlings[0]).toMatchObject({ status });
  expect(handlings[0]?.redriveRunsSince).toBe(redriveRunsSince);
});
