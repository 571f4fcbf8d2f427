import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { ChangeMessageVisibilityBatchCommand, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import type { ConsumerDefinition } from '../../lib/contracts/define-consumer.ts';
import { type ConsumerSetup, processBatch } from '../../lib/runtime/batch.ts';
import { PermanentFailure } from '../../lib/runtime/failures.ts';
import type { Handle } from '../../lib/runtime/handle.ts';
import { createTopicPublisher } from '../../lib/runtime/publisher.ts';
import { NO_EVENT_DATA } from '../apps/no-event-data.ts';
import type { Invocation } from './invocation.ts';
import type { Receipt, SimulatedQueue } from './simulated-queue.ts';
import type { World } from './world.ts';

const SILENT = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** A handler that also knows the process that it runs in. */
export type SimulatedHandler = (
  ...[event, context, invocation]: [...Parameters<Handle>, Invocation]
) => ReturnType<Handle>;

/** A consumer with its queue: the real runtime, between simulated services. */
export interface SimulatedConsumer {
  readonly definition: ConsumerDefinition;
  readonly queue: SimulatedQueue;
  readonly handler: SimulatedHandler;
}

/** The write that counts an effect: more than one is what must never be. */
export function countEffect(consumer: string, id: string): TransactWriteItem {
  return {
    Update: {
      TableName: 'effects',
      Key: { id: { S: `${consumer}|${id}` } },
      UpdateExpression: 'ADD effects :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    },
  };
}

/** Runs one batch through the runtime and deletes what it acknowledges, as an event source mapping does. */
export async function invoke(
  world: World,
  consumer: SimulatedConsumer,
  receipts: readonly Receipt[],
  invocation: Invocation,
): Promise<void> {
  const { definition, queue } = consumer;
  const response = await processBatch(
    setupOf(world, consumer, receipts, invocation),
    receipts.map((receipt) => sqsRecord(receipt, world.fifo)),
    definition.timeoutSeconds * 1000,
  );
  const failed = new Set(response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  for (const { message } of receipts) {
    // Lambda's own delete can be lost too; then the message is delivered again.
    if (!failed.has(message.messageId) && !world.chance.happens(world.troubles.lostAnswer))
      queue.delete(message);
  }
}

function setupOf(
  world: World,
  { definition, queue, handler }: SimulatedConsumer,
  receipts: readonly Receipt[],
  invocation: Invocation,
): ConsumerSetup {
  const contractType = definition.listensTo[0]?.type ?? '';
  const begin: Handle = (event, context) => {
    world.turns.onBegun(definition.name, invocation.clock.now());
    return handler(event, context, invocation);
  };
  return {
    definition,
    handlers: new Map([[contractType, begin]]),
    idempotencyTable: `records-${definition.name}`,
    queueUrl: 'queue',
    deadLetterQueueUrl: 'dead-letters',
    tables: { effects: 'effects' },
    telemetry: {
      loggerFor: () => SILENT,
      begin: () => undefined,
      report: ({ jobs }) => world.isCalm(invocation) && world.turns.onCalmBatch(jobs),
    },
    ports: {
      // The ports' send is generic over commands; the simulated services answer those that the runtime sends.
      dynamodb: {
        send: (command: unknown) => invocation.request(() => world.dynamodb.execute(command)),
      } as unknown as ConsumerSetup['ports']['dynamodb'],
      sqs: {
        send: (command: unknown) => invocation.request(() => sqs(queue, receipts, command)),
      } as unknown as ConsumerSetup['ports']['sqs'],
      eventData: NO_EVENT_DATA,
      publisher: createTopicPublisher({
        sns: {
          send: (command: unknown) => invocation.request(() => world.topic.execute(command)),
        } as unknown as Parameters<typeof createTopicPublisher>[0]['sns'],
        topicArn: world.fifo ? 'topic.fifo' : 'topic',
        clock: invocation.clock,
        random: world.chance.next,
      }),
      clock: invocation.clock,
      random: world.chance.next,
      newToken: () => world.newToken(),
    },
  };
}

function sqs(queue: SimulatedQueue, receipts: readonly Receipt[], command: unknown): object {
  if (command instanceof ChangeMessageVisibilityBatchCommand) {
    for (const { ReceiptHandle, VisibilityTimeout = 0 } of command.input.Entries ?? []) {
      const receipt = receipts.find(({ handle }) => handle === ReceiptHandle);
      if (receipt) queue.changeVisibility(receipt.message, VisibilityTimeout);
    }
    return {};
  }
  if (command instanceof SendMessageBatchCommand) {
    const entries = command.input.Entries ?? [];
    for (const { MessageBody = '', MessageGroupId } of entries) queue.bury(MessageBody, MessageGroupId);
    return { Successful: entries.map(({ Id }) => ({ Id })) };
  }
  throw new TypeError(`the simulation does not know ${command?.constructor.name}`);
}

function sqsRecord({ handle, message }: Receipt, fifo: boolean): SQSRecord {
  return {
    messageId: message.messageId,
    receiptHandle: handle,
    body: message.body,
    attributes: {
      ApproximateReceiveCount: String(message.receiveCount),
      ApproximateFirstReceiveTimestamp: '0',
      SenderId: 'sim',
      SentTimestamp: '0',
      ...(message.groupId !== undefined && { MessageGroupId: message.groupId }),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: fifo ? 'arn:queue.fifo' : 'arn:queue',
    awsRegion: 'sim',
  };
}

/** Thrown by handlers that can never succeed. */
export function hopeless(): never {
  throw new PermanentFailure('hopeless');
}
