import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { createS3ArchiveStore } from '../../../lib/archive/read/s3-archive-store.ts';
import {
  createReplayHandler,
  type ReplayHandlerProps,
} from '../../../lib/archive/replay/create-replay-handler.ts';
import { createReplayQueue, readMessage } from '../../../lib/archive/replay/replay-queue.ts';
import type { ReplayRequest } from '../../../lib/archive/replay/replay-state.ts';
import { createReplayTable } from '../../../lib/archive/replay/replay-table.ts';
import { systemClock } from '../../../lib/aws/clock.ts';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { createDataBucket } from '../../../lib/publishing/large-data/data-bucket.ts';
import { HOUR, type WrittenObject } from '../../apps/archive/archive-objects.ts';
import { idOf, run, writeAssembly } from '../local/assembly.ts';

export const MAX_RECEIVES = 3;
const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

/** The queues, the table and the bucket of a replay, and its function in this process: a test may end it anywhere. */
export interface ReplayRig {
  readonly local: LocalStack;
  readonly ports: ReplayHandlerProps;
  readonly queueUrl: string;
  readonly neighbourUrl: string;
  readonly deadLettersUrl: string;
  request(change?: Partial<ReplayRequest>): ReplayRequest;
  put(...objects: readonly WrittenObject[]): Promise<void>;
  /** The text of an object of the bucket. */
  objectAt(key: string): Promise<string | undefined>;
  /** Handles messages of the replay queue until there are none, or so many were handled. @returns how many were */
  work(options?: {
    readonly change?: Partial<ReplayHandlerProps>;
    readonly most?: number;
    readonly remainingMs?: number;
  }): Promise<number>;
  /** The messages of a queue, in their order, which are gone then. */
  take(queueUrl: string): Promise<Message[]>;
}

/** Starts the engines with what a replay needs, and nothing that reads it. */
export async function startReplayRig({ fifo = false } = {}): Promise<ReplayRig> {
  const local = await run(writeAssembly({ resources: resources(fifo) }));
  const clients = { endpoint: local.awsEndpoint, region: 'eu-west-1', credentials: CREDENTIALS };
  const s3 = new S3Client({ ...clients, forcePathStyle: true });
  const bucket = idOf(local, 'Bucket');
  const common = { clock: systemClock, random: Math.random };
  const replayQueueUrl = idOf(local, 'ReplayQueue');
  const ports: ReplayHandlerProps = {
    ...common,
    sqs: local.sqs,
    store: createS3ArchiveStore(s3, bucket),
    bucket: createDataBucket({
      ...common,
      name: bucket,
      region: 'eu-west-1',
      credentials: async () => CREDENTIALS,
      endpoint: local.awsEndpoint,
    }),
    table: createReplayTable({ ...common, dynamodb: local.dynamodb, name: idOf(local, 'Table') }),
    queue: createReplayQueue(local.sqs, replayQueueUrl),
    watermark: async () => Number.MAX_SAFE_INTEGER,
    replayQueueUrl,
    maxReceives: MAX_RECEIVES,
    log: { error: () => undefined },
  };
  const queueUrl = idOf(local, 'Queue');
  return {
    local,
    ports,
    queueUrl,
    neighbourUrl: idOf(local, 'Neighbour'),
    deadLettersUrl: idOf(local, 'ReplayDeadLetters'),
    request: (change) => ({
      consumer: 'keeper',
      queueUrl,
      filterPolicy: { type: ['shop.OrderPlaced.v1'] },
      filterPolicyScope: 'MessageAttributes',
      from: HOUR,
      to: HOUR + 24 * 3_600_000,
      types: [],
      sources: [],
      mode: 'fill',
      knowsSince: Date.now(),
      rate: 10_000,
      ...change,
    }),
    put: async (...objects) => {
      for (const { key, body } of objects)
        await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
    },
    objectAt: async (Key) =>
      (await s3.send(new GetObjectCommand({ Bucket: bucket, Key }))).Body?.transformToString(),
    work: (options) => work(local, ports, options),
    take: (url) => take(local, url),
  };
}

function resources(fifo: boolean): Readonly<Record<string, object>> {
  const queue = (isFifo: boolean, more: object = {}) => ({
    Type: 'AWS::SQS::Queue',
    Properties: { VisibilityTimeout: 60, ...(isFifo && { FifoQueue: true }), ...more },
  });
  return {
    Queue: queue(fifo),
    Neighbour: queue(fifo),
    ReplayDeadLetters: queue(true),
    ReplayQueue: queue(true, {
      RedrivePolicy: {
        deadLetterTargetArn: { 'Fn::GetAtt': ['ReplayDeadLetters', 'Arn'] },
        maxReceiveCount: MAX_RECEIVES,
      },
    }),
    Bucket: { Type: 'AWS::S3::Bucket' },
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [
          { AttributeName: 'replay', KeyType: 'HASH' },
          { AttributeName: 'part', KeyType: 'RANGE' },
        ],
        AttributeDefinitions: [
          { AttributeName: 'replay', AttributeType: 'S' },
          { AttributeName: 'part', AttributeType: 'S' },
        ],
      },
    },
  };
}

async function work(
  local: LocalStack,
  ports: ReplayHandlerProps,
  {
    change = {},
    most = Number.POSITIVE_INFINITY,
    remainingMs = 300_000,
  }: Parameters<ReplayRig['work']>[0] = {},
): Promise<number> {
  const handler = createReplayHandler({ ...ports, ...change });
  const { replayQueueUrl: QueueUrl } = ports;
  for (let handled = 0; ; handled++) {
    if (handled === most) return handled;
    const { Messages: [message] = [] } = await local.sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 1, MessageSystemAttributeNames: ['All'] }),
    );
    if (!message) return handled;
    const { MessageId = '', ReceiptHandle = '', Body = '', Attributes } = message;
    readMessage(Body);
    const attributes = { ApproximateReceiveCount: Attributes?.ApproximateReceiveCount ?? '1' };
    const record = { messageId: MessageId, receiptHandle: ReceiptHandle, body: Body, attributes };
    const { batchItemFailures } = await handler(
      { Records: [record] },
      { getRemainingTimeInMillis: () => remainingMs },
    );
    if (batchItemFailures.length === 0)
      await local.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  }
}

async function take(local: LocalStack, QueueUrl: string): Promise<Message[]> {
  const taken: Message[] = [];
  for (;;) {
    const { Messages = [] } = await local.sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
      }),
    );
    if (Messages.length === 0) return taken;
    taken.push(...Messages);
    await local.sqs.send(
      new DeleteMessageBatchCommand({
        QueueUrl,
        Entries: Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
      }),
    );
  }
}
