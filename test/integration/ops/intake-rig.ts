import type { LambdaClient } from '@aws-sdk/client-lambda';
import { createIntakeTable, type IntakeTable } from '../../../lib/intake/intake-table.ts';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { createOpsClients } from '../../../lib/ops/clients.ts';
import { type Deployment, readDeployment } from '../../../lib/ops/deployment.ts';
import { functionOf, idOf, run, type Stack, stop, writeAssembly } from '../local/assembly.ts';

/** A bus that can stop its consumers, whose controller does nothing, and consumers that acknowledge everything. */
export interface IntakeRig {
  readonly assemblyDirectory: string;
  readonly local: LocalStack;
  readonly clients: ReturnType<typeof createOpsClients>;
  readonly lambda: LambdaClient;
  readonly deployment: Deployment;
  readonly table: IntakeTable;
  readonly controlQueueUrl: string;
  stop(): Promise<void>;
}

const TAGS = { 'fanfare:app': 'shop', 'fanfare:stage': 'dev' };
const ref = (logicalId: string) => ({ Value: { Ref: logicalId } });
const table = (key: string) => ({
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    KeySchema: [{ AttributeName: key, KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: key, AttributeType: 'S' }],
  },
});
const QUEUE = { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: 345_600 } };

/** The bus `shop-dev-Bus`. @param outputs names of the outputs that it has of these two */
export function busStack(outputs: readonly ('IntakeTableName' | 'ControlQueueUrl')[]): Stack {
  const all = { IntakeTableName: ref('IntakeTable'), ControlQueueUrl: ref('ControlQueue') };
  return {
    name: 'shop-dev-Bus',
    tags: { ...TAGS, 'fanfare:role': 'bus' },
    resources: {
      Topic: { Type: 'AWS::SNS::Topic', Properties: {} },
      IntakeTable: table('consumer'),
      ControlQueue: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } },
    },
    outputs: {
      ApiUrl: { Value: 'http://none' },
      TopicArn: ref('Topic'),
      AlarmTopicArn: ref('Topic'),
      ...Object.fromEntries(outputs.map((name) => [name, all[name]])),
    },
  };
}

/** A consumer of `shop-dev-Bus`. */
export function consumerStack(
  name: string,
  consumer: string,
  tags: Readonly<Record<string, string>> = {},
): Stack {
  const source = `exports.handler = async () => ({ batchItemFailures: [] }); // ${name}`;
  const worker = functionOf(source);
  return {
    name,
    tags: { ...TAGS, 'fanfare:bus': 'shop-dev-Bus', 'fanfare:consumer': consumer, ...tags },
    resources: {
      Dead: QUEUE,
      Queue: QUEUE,
      Undelivered: QUEUE,
      Table: table('id'),
      Worker: worker.resource,
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: {
          EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] },
          FunctionName: { Ref: 'Worker' },
          FunctionResponseTypes: ['ReportBatchItemFailures'],
        },
      },
      Topic: { Type: 'AWS::SNS::Topic', Properties: {} },
      Subscription: {
        Type: 'AWS::SNS::Subscription',
        Properties: {
          TopicArn: { Ref: 'Topic' },
          Protocol: 'sqs',
          Endpoint: { 'Fn::GetAtt': ['Queue', 'Arn'] },
        },
      },
    },
    bundles: { ...Object(worker.bundles) },
    outputs: {
      QueueUrl: ref('Queue'),
      DeadLetterQueueUrl: ref('Dead'),
      UndeliveredQueueUrl: ref('Undelivered'),
      IdempotencyTableName: ref('Table'),
      SubscriptionArn: ref('Subscription'),
      FunctionName: ref('Worker'),
    },
  };
}

/** Runs the bus with both outputs and its consumers `email`, `invoice` and, of another app, `fraud-dev/check`. */
export async function startIntakeRig(
  bus = busStack(['IntakeTableName', 'ControlQueueUrl']),
): Promise<IntakeRig> {
  const assemblyDirectory = writeAssembly(
    bus,
    consumerStack('shop-dev-Email', 'email'),
    consumerStack('shop-dev-Invoice', 'invoice'),
    consumerStack('fraud-dev-Check', 'check', { 'fanfare:app': 'fraud' }),
  );
  const local = await run(assemblyDirectory);
  const { awsEndpoint, dynamodbEndpoint } = local;
  const clients = createOpsClients({ kind: 'local', awsEndpoint, dynamodbEndpoint });
  return {
    assemblyDirectory,
    local,
    clients,
    lambda: await clients.lambda(),
    deployment: await readDeployment(clients, { app: 'shop', stage: 'dev' }),
    table: createIntakeTable({
      dynamodb: clients.dynamodb,
      name: idOf(local, 'IntakeTable'),
    }),
    controlQueueUrl: idOf(local, 'ControlQueue'),
    stop: async () => {
      clients.close();
      await stop(local);
    },
  };
}
