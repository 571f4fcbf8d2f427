import {
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import { eventually } from '../../apps/client.ts';
import { idOf, run, writeAssembly } from './assembly.ts';

const metric = (Id: string, MetricName: string): object => ({
  Id,
  ReturnData: false,
  MetricStat: {
    Stat: 'Maximum',
    Period: 60,
    Metric: {
      Namespace: 'AWS/SQS',
      MetricName,
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': ['Dead', 'QueueName'] } }],
    },
  },
});

const alarm = (properties: object = {}): object => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    AlarmDescription: 'Redrive them.',
    ComparisonOperator: 'GreaterThanThreshold',
    Threshold: 0,
    Metrics: [
      { Id: 'all', Expression: 'visible + inFlight' },
      metric('visible', 'ApproximateNumberOfMessagesVisible'),
      metric('inFlight', 'ApproximateNumberOfMessagesNotVisible'),
    ],
    AlarmActions: [{ Ref: 'Topic' }, 'arn:aws:automate:us-east-1:ec2:stop'],
    OKActions: [{ Ref: 'Topic' }],
    ...properties,
  },
});

const resources = {
  Dead: { Type: 'AWS::SQS::Queue' },
  OnCall: { Type: 'AWS::SQS::Queue' },
  Topic: { Type: 'AWS::SNS::Topic' },
  ToOnCall: {
    Type: 'AWS::SNS::Subscription',
    Properties: {
      TopicArn: { Ref: 'Topic' },
      Protocol: 'sqs',
      Endpoint: { 'Fn::GetAtt': ['OnCall', 'Arn'] },
      RawMessageDelivery: true,
    },
  },
  ToPager: {
    Type: 'AWS::SNS::Subscription',
    Properties: { TopicArn: { Ref: 'Topic' }, Protocol: 'https', Endpoint: 'https://pager.example.com' },
  },
  DeadLetters: alarm(),
  Quiet: alarm({ ActionsEnabled: false }),
  OnlyItsBeginning: alarm({ OKActions: [] }),
};

async function told(sqs: SQSClient, QueueUrl: string): Promise<readonly string[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 }),
  );
  return Messages.map(({ Body = '{}' }) => {
    const { AlarmName, OldStateValue, NewStateValue, AlarmDescription } = JSON.parse(Body);
    return `${AlarmName} ${OldStateValue} ${NewStateValue}: ${AlarmDescription}`;
  }).toSorted();
}

it('alarms tell their topic when they are raised and when they are over, and a look at the messages changes nothing', async () => {
  const local = await run(writeAssembly({ resources }));
  const [QueueUrl, onCall] = [idOf(local, 'Dead'), idOf(local, 'OnCall')];
  const raised = [
    'Shop-DeadLetters OK ALARM: Redrive them.',
    'Shop-OnlyItsBeginning OK ALARM: Redrive them.',
  ];
  await local.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
  local.alarms.evaluate();
  await eventually('both have told', async () => (await told(local.sqs, onCall)).length === 2);
  const { Messages = [] } = await local.sqs.send(
    new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 300 }),
  );
  local.alarms.evaluate();
  await local.sqs.send(
    new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages[0]?.ReceiptHandle ?? expect.fail() }),
  );
  local.alarms.evaluate();
  await eventually('the end is told', async () => (await told(local.sqs, onCall)).length === 3);
  expect(await told(local.sqs, onCall)).toEqual(
    [...raised, 'Shop-DeadLetters ALARM OK: Redrive them.'].toSorted(),
  );
});

it('PutMetricAlarm refuses an alarm that CloudWatch would refuse, and what runs goes on', async () => {
  const local = await run(writeAssembly({ resources }));
  const put = (alarm: object) =>
    fetch(local.awsEndpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': 'GraniteServiceVersion20100801.PutMetricAlarm',
      },
      body: JSON.stringify({ AlarmName: 'mine', ComparisonOperator: 'GreaterThanThreshold', ...alarm }),
    });
  const refused = await put({ Dimensions: { QueueName: 'Dead' } });
  expect([refused.status, await refused.json()]).toEqual([
    400,
    {
      __type: 'SerializationException',
      message: 'Dimensions of the request is no list',
    },
  ]);
  const taken = await put({ Threshold: 1 });
  expect([taken.status, await taken.json()]).toEqual([200, {}]);
  local.alarms.evaluate();
  expect(local.alarms.alarms.filter(({ name }) => name === 'mine')).toMatchObject([{ state: 'OK' }]);
});
