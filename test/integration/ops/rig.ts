import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import {
  DeleteMessageBatchCommand,
  type Message,
  type MessageAttributeValue,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
} from '@aws-sdk/client-sqs';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { createOpsClients } from '../../../lib/ops/clients.ts';
import { type DeployedConsumer, type Deployment, readDeployment } from '../../../lib/ops/deployment.ts';
import type { Whereabouts } from '../../../lib/ops/fanfare-command.ts';
import { run, type Stack, stop, writeAssembly } from '../local/assembly.ts';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A deployment whose consumer handles nothing: what is put into its queues stays there. And the command line, as somebody would type it. */
export interface Rig {
  readonly local: LocalStack;
  readonly clients: ReturnType<typeof createOpsClients>;
  readonly deployment: Deployment;
  readonly where: Whereabouts;
  readonly consumer: DeployedConsumer;
  begin(args: readonly string[], options?: { readonly cwd?: string; readonly env?: object }): Running;
  run(...args: readonly string[]): Promise<Ended>;
  stop(): Promise<void>;
}

export interface Running {
  readonly output: { readonly stdout: string; readonly stderr: string };
  readonly ended: Promise<Ended>;
  /** Types into it, and ends the text. */
  type(text: string): void;
  kill(signal: NodeJS.Signals): void;
  /** Closes the reader of its standard output, as `| head` does. */
  closeOutput(): void;
}

/**
 * @param archive whether the bus has one: its bucket, its queues and its table of replays, and nothing that works
 * @param otherBus whether the app has another bus, with an archive
 * @param later whether the bus keeps events for later: the group of schedules and the queue, and nothing that works
 * @param dataBucket whether the bus has a bucket without an archive
 */
export async function startRig({
  fifo = false,
  archive = false,
  otherBus = false,
  dataBucket = false,
  later = false,
} = {}): Promise<Rig> {
  const [plain, ...others] = stacks(fifo);
  const filled = dataBucket ? withDataBucket(plain) : plain;
  const bus = later ? withLater(filled) : filled;
  const buses = [archive ? withArchive(bus) : bus, ...(otherBus ? [withArchive(otherBusLike(bus))] : [])];
  const local = await run(writeAssembly(...buses, ...others));
  const { awsEndpoint, dynamodbEndpoint } = local;
  const place = { kind: 'local', awsEndpoint, dynamodbEndpoint } as const;
  const clients = createOpsClients(place);
  const deployment = await readDeployment(clients, { app: 'shop', stage: 'dev' });
  const [consumer] = deployment.consumers;
  if (!consumer) throw new Error('there is no consumer');
  const begin: Rig['begin'] = (args, { cwd = '.', env = {} } = {}) =>
    beginCommand(args, cwd, {
      PATH: process.env.PATH,
      NO_COLOR: '1',
      FANFARE_AWS_PORT: new URL(awsEndpoint).port,
      FANFARE_DYNAMODB_PORT: new URL(dynamodbEndpoint).port,
      ...env,
    });
  return {
    local,
    clients,
    deployment,
    where: { place, stage: deployment.stage },
    consumer,
    begin,
    run: (...args) => begin(args).ended,
    stop: async () => {
      clients.close();
      await stop(local);
    },
  };
}

/** As an app with one consumer has them, but for whatever makes it work. */
function stacks(fifo: boolean): readonly [Stack, ...Stack[]] {
  const properties = fifo ? { FifoQueue: true } : {};
  const queue = (more: object = {}) => ({ Type: 'AWS::SQS::Queue', Properties: { ...properties, ...more } });
  const arn = { 'Fn::GetAtt': ['Dead', 'Arn'] };
  const ref = (logicalId: string) => ({ Value: { Ref: logicalId } });
  const tags = { 'fanfare:app': 'shop', 'fanfare:stage': 'dev' };
  return [
    {
      name: 'shop-dev-Bus',
      tags: { ...tags, 'fanfare:role': 'bus' },
      resources: { Topic: { Type: 'AWS::SNS::Topic', Properties: fifo ? { FifoTopic: true } : {} } },
      outputs: { ApiUrl: { Value: 'http://none' }, TopicArn: ref('Topic'), AlarmTopicArn: ref('Topic') },
    },
    {
      name: 'shop-dev-Email',
      tags: { ...tags, 'fanfare:consumer': 'email' },
      resources: {
        Dead: queue(),
        Queue: queue({ RedrivePolicy: { deadLetterTargetArn: arn, maxReceiveCount: 5 } }),
        Undelivered: queue(),
        Table: {
          Type: 'AWS::DynamoDB::Table',
          Properties: {
            KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
            AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
          },
        },
      },
      outputs: {
        QueueUrl: ref('Queue'),
        DeadLetterQueueUrl: ref('Dead'),
        UndeliveredQueueUrl: ref('Undelivered'),
        IdempotencyTableName: ref('Table'),
        SubscriptionArn: { Value: 'none' },
        FunctionName: { Value: 'none' },
      },
    },
  ];
}

function otherBusLike(bus: Stack): Stack {
  return { ...bus, name: 'shop-dev-Bus-Returns', tags: { ...bus.tags, 'fanfare:role': 'other-bus' } };
}

const REPLAY_TABLE = {
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    KeySchema: [
      { AttributeName: 'replay', KeyType: 'HASH' },
      { AttributeName: 'part', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: ['replay', 'part'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
  },
};

function withLater(bus: Stack): Stack {
  return {
    ...bus,
    resources: {
      ...bus.resources,
      Group: { Type: 'AWS::Scheduler::ScheduleGroup' },
      LaterQueue: { Type: 'AWS::SQS::Queue' },
      LaterDead: { Type: 'AWS::SQS::Queue' },
      ScheduleDead: { Type: 'AWS::SQS::Queue' },
    },
    outputs: {
      ...bus.outputs,
      ScheduleGroupName: { Value: { Ref: 'Group' } },
      LaterQueueUrl: { Value: { Ref: 'LaterQueue' } },
      LaterDeadLetterQueueUrl: { Value: { Ref: 'LaterDead' } },
      ScheduleDeadLetterQueueUrl: { Value: { Ref: 'ScheduleDead' } },
    },
  };
}

function withDataBucket(bus: Stack): Stack {
  return {
    ...bus,
    resources: { ...bus.resources, Data: { Type: 'AWS::S3::Bucket', Properties: {} } },
    outputs: { ...bus.outputs, DataBucketName: { Value: { Ref: 'Data' } } },
  };
}

function withArchive(bus: Stack): Stack {
  const names = [
    ...['ArchiveQueue', 'ArchiveDeadLetterQueue', 'ArchiveUndeliveredQueue'],
    ...['ReplayQueue', 'ReplayDeadLetterQueue'],
  ];
  const queues = names.map((name) => [
    name,
    { Type: 'AWS::SQS::Queue', Properties: name.startsWith('Replay') ? { FifoQueue: true } : {} },
  ]);
  const urls = names.map((name) => [`${name}Url`, { Value: { Ref: name } }]);
  const { resources, outputs, ...rest } = withDataBucket(bus);
  return {
    ...rest,
    resources: {
      ...resources,
      ...Object.fromEntries(queues),
      ReplayTable: REPLAY_TABLE,
    },
    outputs: {
      ...outputs,
      ...Object.fromEntries(urls),
      ArchiveFunctionName: { Value: 'none' },
      ReplayTableName: { Value: { Ref: 'ReplayTable' } },
      ReplayFunctionName: { Value: 'none' },
    },
  };
}

/** Begins a command in a folder, without anything of this environment. */
export function beginCommand(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Running {
  const child = spawn(process.execPath, [join(process.cwd(), 'lib/cli/fanfare.ts'), ...args], {
    cwd,
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    output.stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output.stderr += chunk.toString();
  });
  return {
    output,
    ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, ...output }))),
    type: (text) => void child.stdin.end(text),
    kill: (signal) => void child.kill(signal),
    closeOutput: () => void child.stdout.destroy(),
  };
}

/** An event of the shop, as JSON. */
export const eventText = (id: string, data: object = order(id)): string =>
  JSON.stringify({ specversion: '1.0', id, source: '/test', type: 'shop.OrderPlaced.v1', data });

/** Data that keeps the contract of the shop's orders. */
export const order = (orderId: string) => ({
  orderId,
  customerId: `customer-of-${orderId}`,
  email: 'ada@example.com',
  currency: 'EUR',
  totalMinor: 1,
  lines: [{ sku: 'a', quantity: 1 }],
});

export interface Filling {
  readonly queueUrl: string;
  readonly bodies: readonly string[];
  readonly attributes?: Record<string, MessageAttributeValue>;
  /** Makes them FIFO messages: the message group of each. */
  readonly groupOf?: (index: number) => string;
}

/** Puts messages into a queue, ten at a time. */
export async function fill(
  { sqs }: Pick<Rig['clients'], 'sqs'>,
  { queueUrl, bodies, attributes, groupOf }: Filling,
): Promise<void> {
  for (let start = 0; start < bodies.length; start += 10) {
    const Entries = bodies.slice(start, start + 10).map((MessageBody, index) => ({
      Id: String(index),
      MessageBody,
      MessageAttributes: attributes,
      ...(groupOf && { MessageGroupId: groupOf(start + index), MessageDeduplicationId: randomUUID() }),
    }));
    await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  }
}

export const text = (StringValue: string): MessageAttributeValue => ({ DataType: 'String', StringValue });

/** Receives all that is visible in a queue, and deletes it. */
export async function drain(
  { sqs }: Pick<Rig['clients'], 'sqs'>,
  QueueUrl: string,
): Promise<readonly Message[]> {
  const all: Message[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
      }),
    );
    if (Messages.length === 0) return all;
    all.push(...Messages);
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
}
