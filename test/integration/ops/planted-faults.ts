import {
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { DisableKeyCommand, DisableKeyRotationCommand, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import {
  DeleteEventSourceMappingCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionRecursionConfigCommand,
  RemovePermissionCommand,
  UpdateEventSourceMappingCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import {
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import {
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { expect } from 'vitest';
import type { OpsClients } from '../../../lib/ops/clients.ts';
import type { Finding } from '../../../lib/ops/doctor/finding.ts';

/** A deployment to plant faults in. */
export interface Field {
  readonly clients: OpsClients;
  /** Physical id of a resource of the consumer `claimer` or of the bus, by the end of its construct path. */
  idOf(path: string): string;
}

/** Something that somebody does by hand, and what the doctor has to say of it. */
export interface PlantedFault {
  /** As docs/operate.md lists it. */
  readonly name: string;
  plant(field: Field): Promise<unknown>;
  readonly expected: Partial<Finding>;
  /** Other resources that suffer by it. @default - none */
  readonly also?: readonly string[];
}

const QUEUE = 'Claimer/Consumer/Queues/Queue';
const DEAD = 'Claimer/Consumer/Queues/DeadLetterQueue';
const UNDELIVERED = 'Claimer/Consumer/Topic/UndeliveredQueue';
const SUBSCRIPTION = 'Claimer/Consumer/Topic/Subscription';
const TABLE = 'Claimer/Consumer/IdempotencyTable';
const FUNCTION = 'Claimer/Consumer/Function';
const MAPPING = 'Claimer/Consumer/EventSourceMapping';
const ALARM = 'Claimer/Consumer/Alarms/Age';
const TOPIC = 'Bus/Bus/Topic';
const KEY = 'Bus/Bus/Key';

const OPEN = {
  Version: '2012-10-17',
  Statement: [{ Sid: 'Open', Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
};
const DENIED = {
  Version: '2012-10-17',
  Statement: [{ Sid: 'Denied', Effect: 'Deny', Principal: '*', Action: '*', Resource: '*' }],
};

const of = (type: string, path: string, property: string, more: Partial<Finding> = {}): Partial<Finding> => ({
  severity: 'error',
  resource: `AWS::${type} shop-dev-${path}`,
  property,
  ...more,
});

const onQueue =
  (path: string, Attributes: Record<string, string>) =>
  ({ clients, idOf }: Field) =>
    clients.sqs.send(new SetQueueAttributesCommand({ QueueUrl: idOf(path), Attributes }));

const onSubscription =
  (AttributeName: string, AttributeValue: string) =>
  ({ clients, idOf }: Field) =>
    clients.sns.send(
      new SetSubscriptionAttributesCommand({
        SubscriptionArn: idOf(SUBSCRIPTION),
        AttributeName,
        AttributeValue,
      }),
    );

const onTopic =
  (AttributeName: string, AttributeValue: string) =>
  ({ clients, idOf }: Field) =>
    clients.sns.send(new SetTopicAttributesCommand({ TopicArn: idOf(TOPIC), AttributeName, AttributeValue }));

const onFunction =
  (changed: Omit<ConstructorParameters<typeof UpdateFunctionConfigurationCommand>[0], 'FunctionName'>) =>
  async ({ clients, idOf }: Field) =>
    (await clients.lambda()).send(
      new UpdateFunctionConfigurationCommand({ FunctionName: idOf(FUNCTION), ...changed }),
    );

const onMapping =
  (changed: Omit<ConstructorParameters<typeof UpdateEventSourceMappingCommand>[0], 'UUID'>) =>
  async ({ clients, idOf }: Field) =>
    (await clients.lambda()).send(new UpdateEventSourceMappingCommand({ UUID: idOf(MAPPING), ...changed }));

/** Reads an alarm, and writes it with something else. */
const onAlarm =
  (changed: Partial<ConstructorParameters<typeof PutMetricAlarmCommand>[0]>) =>
  async ({ clients: { cloudWatch }, idOf }: Field) => {
    const { MetricAlarms = [] } = await cloudWatch.send(
      new DescribeAlarmsCommand({ AlarmNames: [idOf(ALARM)] }),
    );
    const [{ AlarmName, EvaluationPeriods, ComparisonOperator, ...alarm } = {}] = MetricAlarms;
    return cloudWatch.send(
      new PutMetricAlarmCommand({ ...alarm, AlarmName, EvaluationPeriods, ComparisonOperator, ...changed }),
    );
  };

/** The table again under its name, with other settings: what was in it is gone. */
async function remakeWithoutEncryption({ clients: { dynamodb }, idOf }: Field): Promise<void> {
  const TableName = idOf(TABLE);
  const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
  await dynamodb.send(new DeleteTableCommand({ TableName }));
  await dynamodb.send(
    new CreateTableCommand({
      TableName,
      KeySchema: Table?.KeySchema,
      AttributeDefinitions: Table?.AttributeDefinitions,
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
}

/** Some queue of the account, of nobody's consumer. */
const subscribe =
  (Protocol: string, Endpoint: string) =>
  ({ clients, idOf }: Field) =>
    clients.sns.send(new SubscribeCommand({ TopicArn: idOf(TOPIC), Protocol, Endpoint }));

export const SUBSCRIBED_BY_HAND = [
  {
    name: 'a foreign subscription of the topic: a queue of no consumer',
    protocol: 'sqs',
    endpoint: 'arn:aws:sqs:us-east-1:000000000000:copy',
    expected: { severity: 'warning', detail: expect.stringContaining('is no queue of a consumer') },
  },
  {
    name: 'a foreign subscription of the topic: a queue of another account',
    protocol: 'sqs',
    endpoint: 'arn:aws:sqs:us-east-1:444455556666:copy',
    expected: { severity: 'error', detail: expect.stringContaining('is no queue of this account') },
  },
  {
    name: 'a foreign subscription of the topic: a web address',
    protocol: 'http',
    endpoint: 'http://127.0.0.1:9/copy',
    expected: { severity: 'error', detail: expect.stringContaining('is no queue of this account') },
  },
] as const;

const QUEUES: readonly PlantedFault[] = [
  {
    name: 'visibility timeout of a queue',
    plant: onQueue(QUEUE, { VisibilityTimeout: '7' }),
    expected: of('SQS::Queue', QUEUE, 'VisibilityTimeout', { deployed: '7' }),
  },
  {
    name: 'retention of a queue',
    plant: onQueue(QUEUE, { MessageRetentionPeriod: '60' }),
    expected: of('SQS::Queue', QUEUE, 'MessageRetentionPeriod', { deployed: '60' }),
  },
  {
    name: 'retention of a dead-letter queue',
    plant: onQueue(DEAD, { MessageRetentionPeriod: '60' }),
    expected: of('SQS::Queue', DEAD, 'MessageRetentionPeriod'),
  },
  {
    name: 'retention of an undelivered queue',
    plant: onQueue(UNDELIVERED, { MessageRetentionPeriod: '60' }),
    expected: of('SQS::Queue', UNDELIVERED, 'MessageRetentionPeriod'),
  },
  {
    name: 'delay of a queue',
    plant: onQueue(QUEUE, { DelaySeconds: '900' }),
    expected: of('SQS::Queue', QUEUE, 'DelaySeconds', { synthesized: 0, deployed: '900' }),
  },
  {
    name: 'maximum message size of a queue',
    plant: onQueue(QUEUE, { MaximumMessageSize: '1024' }),
    expected: of('SQS::Queue', QUEUE, 'MaximumMessageSize'),
  },
  {
    name: 'redrive policy of a queue removed',
    plant: onQueue(QUEUE, { RedrivePolicy: '' }),
    expected: of('SQS::Queue', QUEUE, 'RedrivePolicy', { deployed: undefined }),
  },
  {
    name: 'maxReceiveCount of a queue',
    plant: async (field) => {
      const { RedrivePolicy = '{}' } =
        (
          await field.clients.sqs.send(
            new GetQueueAttributesCommand({ QueueUrl: field.idOf(QUEUE), AttributeNames: ['All'] }),
          )
        ).Attributes ?? {};
      const changed = JSON.stringify({ ...JSON.parse(RedrivePolicy), maxReceiveCount: 1 });
      return onQueue(QUEUE, { RedrivePolicy: changed })(field);
    },
    expected: of('SQS::Queue', QUEUE, 'RedrivePolicy.maxReceiveCount', { deployed: 1 }),
  },
  {
    name: 'redrive-allow policy of a dead-letter queue',
    plant: onQueue(DEAD, { RedriveAllowPolicy: '{"redrivePermission":"allowAll"}' }),
    expected: of('SQS::Queue', DEAD, 'RedriveAllowPolicy.redrivePermission', { deployed: 'allowAll' }),
  },
  {
    name: 'encryption of a queue turned off',
    plant: onQueue(QUEUE, { SqsManagedSseEnabled: 'false' }),
    expected: of('SQS::Queue', QUEUE, 'SqsManagedSseEnabled'),
  },
  {
    name: 'another key for a queue, which SNS may not use',
    plant: onQueue(QUEUE, { KmsMasterKeyId: 'alias/aws/sqs' }),
    expected: of('SQS::Queue', QUEUE, 'KmsMasterKeyId', { deployed: 'alias/aws/sqs' }),
  },
  {
    name: 'policy of a queue opened to everybody',
    plant: onQueue(QUEUE, { Policy: JSON.stringify(OPEN) }),
    expected: of('SQS::QueuePolicy', `${QUEUE}/Policy`, 'PolicyDocument.Statement[]'),
  },
  {
    name: 'policy of a queue that denies SNS',
    plant: onQueue(QUEUE, { Policy: JSON.stringify(DENIED) }),
    expected: of('SQS::QueuePolicy', `${QUEUE}/Policy`, 'PolicyDocument.Statement[]'),
  },
  {
    name: 'policy of an undelivered queue removed',
    plant: onQueue(UNDELIVERED, { Policy: '' }),
    expected: of('SQS::QueuePolicy', `${UNDELIVERED}/Policy`, 'PolicyDocument', { deployed: undefined }),
  },
  {
    name: 'dead-letter queue deleted',
    also: [`AWS::SQS::QueuePolicy shop-dev-${DEAD}/Policy`],
    plant: ({ clients, idOf }) => clients.sqs.send(new DeleteQueueCommand({ QueueUrl: idOf(DEAD) })),
    expected: {
      severity: 'error',
      resource: `AWS::SQS::Queue shop-dev-${DEAD}`,
      detail: expect.stringContaining('does not exist any more'),
    },
  },
];

const TOPICS: readonly PlantedFault[] = [
  {
    name: 'filter policy of a subscription',
    also: ['subscription of claimer'],
    plant: onSubscription('FilterPolicy', '{"type":["test.Other.v1"]}'),
    expected: of('SNS::Subscription', SUBSCRIPTION, 'FilterPolicy.type'),
  },
  {
    name: 'filter policy scope of a subscription',
    plant: onSubscription('FilterPolicyScope', 'MessageBody'),
    expected: of('SNS::Subscription', SUBSCRIPTION, 'FilterPolicyScope', { deployed: 'MessageBody' }),
  },
  {
    name: 'raw delivery of a subscription turned off',
    plant: onSubscription('RawMessageDelivery', 'false'),
    expected: of('SNS::Subscription', SUBSCRIPTION, 'RawMessageDelivery'),
  },
  {
    name: 'redrive policy of a subscription removed',
    plant: onSubscription('RedrivePolicy', ''),
    expected: of('SNS::Subscription', SUBSCRIPTION, 'RedrivePolicy', { deployed: undefined }),
  },
  {
    name: 'redrive policy of a subscription to another queue',
    plant: onSubscription(
      'RedrivePolicy',
      '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:other"}',
    ),
    expected: of('SNS::Subscription', SUBSCRIPTION, 'RedrivePolicy.deadLetterTargetArn'),
  },
  {
    name: 'subscription deleted',
    plant: ({ clients, idOf }) =>
      clients.sns.send(new UnsubscribeCommand({ SubscriptionArn: idOf(SUBSCRIPTION) })),
    expected: {
      severity: 'error',
      resource: `AWS::SNS::Subscription shop-dev-${SUBSCRIPTION}`,
      detail: expect.stringContaining('does not exist any more'),
    },
  },
  ...SUBSCRIBED_BY_HAND.map(({ name, protocol, endpoint, expected }) => ({
    name,
    plant: subscribe(protocol, endpoint),
    expected: { resource: 'topic of events', ...expected },
  })),
  {
    name: 'policy of the topic opened to everybody',
    plant: onTopic('Policy', JSON.stringify(OPEN)),
    expected: of('SNS::TopicPolicy', `${TOPIC}/Policy`, 'PolicyDocument.Statement.[Open]', {
      synthesized: undefined,
    }),
  },
  {
    name: 'policy of the topic that denies publishing',
    plant: onTopic('Policy', JSON.stringify(DENIED)),
    expected: of('SNS::TopicPolicy', `${TOPIC}/Policy`, 'PolicyDocument.Statement.[Denied]'),
  },
  {
    name: 'encryption of the topic turned off',
    plant: onTopic('KmsMasterKeyId', ''),
    expected: of('SNS::Topic', TOPIC, 'KmsMasterKeyId', { deployed: '' }),
  },
];

const TABLES_AND_KEYS: readonly PlantedFault[] = [
  {
    name: 'time to live of a table turned off',
    plant: ({ clients, idOf }) =>
      clients.dynamodb.send(
        new UpdateTimeToLiveCommand({
          TableName: idOf(TABLE),
          TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: false },
        }),
      ),
    expected: of('DynamoDB::Table', TABLE, 'TimeToLiveSpecification', { deployed: undefined }),
  },
  {
    name: 'deletion protection of a table',
    plant: ({ clients, idOf }) =>
      clients.dynamodb.send(
        new UpdateTableCommand({ TableName: idOf(TABLE), DeletionProtectionEnabled: true }),
      ),
    expected: of('DynamoDB::Table', TABLE, 'DeletionProtectionEnabled', { deployed: true }),
  },
  {
    name: 'point-in-time recovery of a table',
    plant: ({ clients, idOf }) =>
      clients.dynamodb.send(
        new UpdateContinuousBackupsCommand({
          TableName: idOf(TABLE),
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        }),
      ),
    expected: of('DynamoDB::Table', TABLE, 'PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled'),
  },
  {
    name: 'key that events are encrypted with disabled',
    plant: async ({ clients, idOf }) =>
      (await clients.kms()).send(new DisableKeyCommand({ KeyId: idOf(KEY) })),
    expected: of('KMS::Key', KEY, 'Enabled', { synthesized: true, deployed: false }),
  },
  {
    name: 'rotation of the key turned off',
    plant: async ({ clients, idOf }) =>
      (await clients.kms()).send(new DisableKeyRotationCommand({ KeyId: idOf(KEY) })),
    expected: of('KMS::Key', KEY, 'EnableKeyRotation'),
  },
  {
    name: 'policy of the key that forbids CloudWatch, so that nobody is notified of alarms',
    plant: async ({ clients, idOf }) =>
      (await clients.kms()).send(new PutKeyPolicyCommand({ KeyId: idOf(KEY), Policy: JSON.stringify(OPEN) })),
    expected: of('KMS::Key', KEY, 'KeyPolicy.Statement[]'),
  },
];

const ALARMS: readonly PlantedFault[] = [
  {
    name: 'alarm deleted',
    plant: ({ clients, idOf }) =>
      clients.cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: [idOf(ALARM)] })),
    expected: {
      severity: 'error',
      resource: `AWS::CloudWatch::Alarm shop-dev-${ALARM}`,
      detail: expect.stringContaining('does not exist any more'),
    },
  },
  {
    name: 'threshold of an alarm',
    plant: onAlarm({ Threshold: 1_000_000 }),
    expected: of('CloudWatch::Alarm', ALARM, 'Threshold', { deployed: 1_000_000 }),
  },
  {
    name: 'period of an alarm',
    plant: onAlarm({ Period: 86_400 }),
    expected: of('CloudWatch::Alarm', ALARM, 'Period'),
  },
  {
    name: 'how many periods an alarm waits for',
    plant: onAlarm({ EvaluationPeriods: 10, DatapointsToAlarm: 10 }),
    expected: of('CloudWatch::Alarm', ALARM, 'EvaluationPeriods'),
  },
  {
    name: 'actions of an alarm removed',
    plant: onAlarm({ AlarmActions: [] }),
    expected: of('CloudWatch::Alarm', ALARM, 'AlarmActions', { deployed: [] }),
  },
  {
    name: 'actions of an alarm turned off',
    plant: onAlarm({ ActionsEnabled: false }),
    expected: of('CloudWatch::Alarm', ALARM, 'ActionsEnabled'),
  },
  {
    name: 'an alarm over the metric of another queue',
    plant: onAlarm({ Dimensions: [{ Name: 'QueueName', Value: 'other' }] }),
    expected: of('CloudWatch::Alarm', ALARM, 'Dimensions.[QueueName].Value', { deployed: 'other' }),
  },
];

const FUNCTIONS: readonly PlantedFault[] = [
  {
    name: 'event source mapping disabled',
    plant: onMapping({ Enabled: false }),
    expected: of('Lambda::EventSourceMapping', MAPPING, 'Enabled', { deployed: false }),
  },
  {
    name: 'batch size of an event source mapping',
    plant: onMapping({ BatchSize: 1 }),
    expected: of('Lambda::EventSourceMapping', MAPPING, 'BatchSize'),
  },
  {
    name: 'partial batch responses of an event source mapping turned off',
    plant: onMapping({ FunctionResponseTypes: [] }),
    expected: of('Lambda::EventSourceMapping', MAPPING, 'FunctionResponseTypes'),
  },
  {
    name: 'maximum concurrency of an event source mapping',
    plant: onMapping({ ScalingConfig: { MaximumConcurrency: 1_000 } }),
    expected: of('Lambda::EventSourceMapping', MAPPING, 'ScalingConfig.MaximumConcurrency'),
  },
  {
    name: 'event source mapping deleted',
    plant: async ({ clients, idOf }) =>
      (await clients.lambda()).send(new DeleteEventSourceMappingCommand({ UUID: idOf(MAPPING) })),
    expected: {
      severity: 'error',
      resource: `AWS::Lambda::EventSourceMapping shop-dev-${MAPPING}`,
      detail: expect.stringContaining('does not exist any more'),
    },
  },
  {
    name: 'memory of a function',
    plant: onFunction({ MemorySize: 128 }),
    expected: of('Lambda::Function', FUNCTION, 'MemorySize', { deployed: 128 }),
  },
  {
    name: 'time-out of a function',
    plant: onFunction({ Timeout: 900 }),
    expected: of('Lambda::Function', FUNCTION, 'Timeout', { deployed: 900 }),
  },
  {
    name: 'runtime of a function',
    plant: onFunction({ Runtime: 'nodejs22.x' }),
    expected: of('Lambda::Function', FUNCTION, 'Runtime'),
  },
  {
    name: 'role of a function',
    plant: onFunction({ Role: 'arn:aws:iam::000000000000:role/admin' }),
    expected: of('Lambda::Function', FUNCTION, 'Role'),
  },
  {
    name: 'environment of a function',
    plant: onFunction({ Environment: { Variables: { POWERTOOLS_LOG_LEVEL: 'secret' } } }),
    expected: of('Lambda::Function', FUNCTION, 'Environment.Variables.POWERTOOLS_LOG_LEVEL', {
      deployed: 'another value, which is not shown',
    }),
  },
  {
    name: 'tracing of a function turned on',
    plant: onFunction({ TracingConfig: { Mode: 'Active' } }),
    expected: of('Lambda::Function', FUNCTION, 'TracingConfig.Mode'),
  },
  {
    name: 'log group of a function',
    plant: onFunction({ LoggingConfig: { LogFormat: 'Text', LogGroup: 'elsewhere' } }),
    expected: of('Lambda::Function', FUNCTION, 'LoggingConfig.LogGroup'),
  },
  {
    name: 'reserved concurrency of a function: none runs',
    plant: async ({ clients, idOf }) =>
      (await clients.lambda()).send(
        new PutFunctionConcurrencyCommand({
          FunctionName: idOf(FUNCTION),
          ReservedConcurrentExecutions: 0,
        }),
      ),
    expected: of('Lambda::Function', FUNCTION, 'ReservedConcurrentExecutions', { deployed: 0 }),
  },
  {
    name: 'loops of a function through its queue allowed',
    plant: async ({ clients, idOf }) =>
      (await clients.lambda()).send(
        new PutFunctionRecursionConfigCommand({ FunctionName: idOf(FUNCTION), RecursiveLoop: 'Allow' }),
      ),
    expected: of('Lambda::Function', FUNCTION, 'RecursiveLoop', { deployed: 'Allow' }),
  },
  {
    name: 'permission of the API to invoke the publish function removed',
    plant: async ({ clients, idOf }) =>
      (await clients.lambda()).send(
        new RemovePermissionCommand({
          FunctionName: idOf('Bus/Bus/PublishFunction'),
          StatementId: idOf('POST--events/Publish-Permission'),
        }),
      ),
    expected: {
      severity: 'error',
      resource: 'AWS::Lambda::Permission shop-dev-Bus/Bus/Http/Api/POST--events/Publish-Permission',
      detail: expect.stringContaining('does not exist any more'),
    },
  },
];

/** Last, for what was in the table is gone. */
const LAST: readonly PlantedFault[] = [
  {
    name: 'encryption of a table turned off',
    plant: remakeWithoutEncryption,
    expected: of('DynamoDB::Table', TABLE, 'SSESpecification.SSEEnabled', {
      synthesized: true,
      deployed: false,
    }),
  },
];

export const PLANTED_FAULTS: readonly PlantedFault[] = [
  ...QUEUES,
  ...TOPICS,
  ...TABLES_AND_KEYS,
  ...ALARMS,
  ...FUNCTIONS,
  ...LAST,
];
