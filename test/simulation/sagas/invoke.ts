import { TransactionCanceledException, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import type { SendMessageBatchCommandInput } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { createLaterQueue } from '../../../lib/publishing/topic/later-queue.ts';
import { createTopicPublisher } from '../../../lib/publishing/topic/topic-publisher.ts';
import type { ConsumerSetup } from '../../../lib/runtime/batch/consumer-setup.ts';
import { processBatch } from '../../../lib/runtime/batch/process-batch.ts';
import type { BatchReport } from '../../../lib/runtime/telemetry/telemetry.ts';
import { NO_EVENT_DATA, NO_SECRETS } from '../../apps/no-event-data.ts';
import type { Invocation } from '../services/invocation.ts';
import { executeSqs } from '../services/queue-commands.ts';
import type { Receipt } from '../services/simulated-queue.ts';
import type { ShopConsumer } from './shop.ts';
import type { SagaWorld } from './world.ts';

const SILENT = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** One batch in the hands of one invocation. */
export interface Batch {
  readonly world: SagaWorld;
  readonly consumer: ShopConsumer;
  readonly receipts: readonly Receipt[];
  readonly invocation: Invocation;
}

/** Runs one batch through the runtime and deletes what it acknowledges, as an event source mapping does. */
export async function invoke(batch: Batch): Promise<void> {
  const { world, consumer, receipts } = batch;
  const { definition } = consumer;
  const answer = await processBatch(
    setupOf(batch),
    receipts.map(sqsRecord),
    definition.timeoutSeconds * 1_000,
  );
  const failed = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  for (const { message } of receipts) {
    if (!failed.has(message.messageId) && !world.chance.happens(world.troubles.lostAnswer))
      world.queue(definition.name).delete(message);
  }
}

function setupOf({ world, consumer, receipts, invocation }: Batch): ConsumerSetup {
  const { definition, handlers } = consumer;
  const { clock } = invocation;
  const random = world.chance.next;
  return {
    definition,
    handlers,
    idempotencyTable: `records-${definition.name}`,
    queueUrl: 'queue',
    deadLetterQueueUrl: 'dead-letters',
    tables: Object.fromEntries(Object.keys(definition.tables).map((role) => [role, role])),
    telemetry: {
      loggerFor: () => SILENT,
      begin: () => undefined,
      report: (report) => count(world, report),
    },
    ports: {
      dynamodb: service(
        invocation,
        (command) => execute({ world, consumer, invocation }, command),
        () => world.dynamodb.lastTook,
      ),
      sqs: service(invocation, (command) =>
        executeSqs(
          {
            queue: world.queue(definition.name),
            receipts,
            fifo: false,
            refuses: () => world.isTroubled && world.chance.happens(0.05),
            onBuried: () => undefined,
            onStrangeLetter: (body) => world.violate(`a dead letter is no message's copy: ${body}`),
          },
          command,
        ),
      ),
      publisher: createTopicPublisher({
        sns: service(invocation, (command) => world.topic.execute(command)),
        topicArn: 'topic',
        clock,
        random,
      }),
      later: createLaterQueue({
        sendBatch: (input: SendMessageBatchCommandInput, { abortSignal }) =>
          invocation.request({ execute: () => world.takeLater(input), signal: abortSignal }),
        queueUrl: 'later',
        clock,
        random,
      }),
      eventData: NO_EVENT_DATA,
      getSecret: NO_SECRETS,
      clock,
      random,
      newToken: () => `${invocation.name}-${world.newName()}`,
    },
  };
}

/** Executes a command of DynamoDB, and counts the moves of sagas that come too late. */
function execute({ world, invocation }: Omit<Batch, 'receipts'>, command: unknown): unknown {
  try {
    return world.dynamodb.execute(command, invocation);
  } catch (error) {
    if (command instanceof TransactWriteItemsCommand && error instanceof TransactionCanceledException) {
      const isSaga = command.input.TransactItems?.[1]?.Put?.TableName === 'sagas';
      if (isSaga && error.CancellationReasons?.[1]?.Code === 'ConditionalCheckFailed')
        world.counts.conflicts += 1;
    }
    throw error;
  }
}

function count({ counts }: SagaWorld, { items }: BatchReport): void {
  for (const { outcome } of items)
    if (outcome?.status === 'released' && outcome.error.message.includes('too early')) counts.early += 1;
}

/** A client of a simulated service, over the network of one invocation. */
function service<Client>(
  invocation: Invocation,
  execute: (command: unknown) => unknown,
  takes?: () => number,
): Client {
  const send = (command: unknown, { abortSignal }: { readonly abortSignal?: AbortSignal } = {}) =>
    invocation.request({ execute: () => execute(command), takes, signal: abortSignal });
  // The ports' send is generic over commands; the simulated services answer those that the runtime sends.
  return { send } as Client;
}

function sqsRecord({ handle, message }: Receipt): SQSRecord {
  return {
    messageId: message.messageId,
    receiptHandle: handle,
    body: message.body,
    attributes: {
      ApproximateReceiveCount: String(message.receiveCount),
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
      SenderId: 'sim',
      SentTimestamp: String(message.sentAt),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:queue',
    awsRegion: 'sim',
  };
}
