import { ChangeMessageVisibilityBatchCommand } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import type { ConsumerDefinition } from '../../lib/contracts/define-consumer.ts';
import { identityOf } from '../../lib/contracts/envelope/envelope.ts';
import { createTopicPublisher } from '../../lib/publishing/topic/topic-publisher.ts';
import type { ConsumerSetup } from '../../lib/runtime/batch/consumer-setup.ts';
import { processBatch } from '../../lib/runtime/batch/process-batch.ts';
import type { Handle } from '../../lib/runtime/handling/handle.ts';
import { NO_EVENT_DATA, NO_SECRETS } from '../apps/no-event-data.ts';
import { judgeAnswer } from './checks/answer.ts';
import { judgeBeginning } from './checks/beginning.ts';
import { judgeBurial } from './checks/burial.ts';
import { judgeRedeliveries } from './checks/redelivery.ts';
import { judgeReplay } from './checks/replay.ts';
import type { Invocation } from './services/invocation.ts';
import { executeSqs } from './services/queue-commands.ts';
import type { Receipt, SimulatedMessage, SimulatedQueue } from './services/simulated-queue.ts';
import type { ConsumerName } from './stories/app.ts';
import { act } from './stories/handler.ts';
import { workOf } from './stories/replay-work.ts';
import type { World } from './world.ts';

const SILENT = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** A consumer with its queue: the real runtime, between simulated services. */
export interface SimulatedConsumer {
  readonly name: ConsumerName;
  readonly definition: ConsumerDefinition;
  readonly queue: SimulatedQueue;
}

/** One batch in the hands of one invocation. */
export interface Batch {
  readonly world: World;
  readonly consumer: SimulatedConsumer;
  readonly receipts: readonly Receipt[];
  readonly invocation: Invocation;
  /** Messages that it has sent to the dead-letter queue. */
  readonly buried: Set<SimulatedMessage>;
  /** Messages whose redelivery it has asked for. */
  readonly scheduled: Set<SimulatedMessage>;
}

/** Runs one batch through the runtime and deletes what it acknowledges, as an event source mapping does. */
export async function invoke(batch: Batch): Promise<void> {
  const { world, consumer, receipts, invocation } = batch;
  const { definition, queue } = consumer;
  const records = receipts.map((receipt) => sqsRecord(receipt, world.settings.fifo));
  let failed: ReadonlySet<string>;
  try {
    const answer = await processBatch(setupOf(batch), records, definition.timeoutSeconds * 1000);
    failed = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  } catch (error) {
    // It must never be; to Lambda it means that the whole batch comes again.
    world.ledger.violate(
      `processBatch was rejected: ${error instanceof Error ? error.stack : String(error)}`,
    );
    failed = new Set(receipts.map(({ message }) => message.messageId));
  }
  invocation.answeredAfter = invocation.age;
  judgeAnswer(batch, failed);
  for (const { message } of receipts) {
    // Lambda's own delete can be lost too; then the message is delivered again.
    if (!failed.has(message.messageId) && !world.chance.happens(world.troubles.lostAnswer))
      queue.delete(message);
  }
}

function setupOf(batch: Batch): ConsumerSetup {
  const { world, consumer, invocation } = batch;
  const { definition, name } = consumer;
  const { clock } = invocation;
  return {
    definition,
    handlers: new Map([[definition.listensTo[0]?.type ?? '', createHandler(batch)]]),
    idempotencyTable: `records-${name}`,
    queueUrl: 'queue',
    deadLetterQueueUrl: 'dead-letters',
    tables: { effects: 'effects' },
    telemetry: {
      loggerFor: () => SILENT,
      begin: () => undefined,
      report: ({ items }) => world.isCalm(invocation) && world.turns.onCalmBatch(items),
    },
    ports: {
      dynamodb: service(
        invocation,
        (command) => world.dynamodb.execute(command, invocation),
        () => world.dynamodb.lastTook,
      ),
      sqs: sqsService(batch),
      eventData: NO_EVENT_DATA,
      getSecret: NO_SECRETS,
      publisher: createTopicPublisher({
        sns: service(
          invocation,
          (command) => world.topic.execute(command),
          () => world.topic.lastTook,
        ),
        topicArn: world.settings.fifo ? 'topic.fifo' : 'topic',
        clock,
        random: world.chance.next,
      }),
      clock,
      random: world.chance.next,
      newToken: () => world.newToken(invocation),
    },
  };
}

/** SQS over the network of one invocation. What is asked for counts, whether or not SQS ever hears of it. */
function sqsService(batch: Batch): ConsumerSetup['ports']['sqs'] {
  const { send } = service<ConsumerSetup['ports']['sqs']>(batch.invocation, (command) => sqs(batch, command));
  const noteAndSend = (command: unknown, ...rest: readonly unknown[]): unknown => {
    if (command instanceof ChangeMessageVisibilityBatchCommand) judgeRedeliveries(batch, command);
    return Reflect.apply(send, undefined, [command, ...rest]);
  };
  // As with every service: the ports' send is generic over commands.
  return { send: noteAndSend as typeof send };
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

function createHandler(batch: Batch): Handle {
  const { world, consumer, invocation } = batch;
  return (event, ctx) => {
    if (invocation.dead) return new Promise(() => undefined);
    const identity = workOf(identityOf(event), ctx.replay);
    judgeReplay(batch, identity, ctx.replay);
    const history = world.ledger.history(consumer.name, identity);
    if (!history) throw new Error(`${consumer.name} was called with ${identity}, which nobody has sent`);
    world.turns.onBegun(consumer.name, invocation.clock.now());
    const run = world.ledger.begin(history, invocation, world.now());
    judgeBeginning(world, history, run);
    return act({ stage: world, event, ctx, invocation, history, run });
  };
}

function sqs(batch: Batch, command: unknown): object {
  const { world, consumer, receipts } = batch;
  const { settings, chance, ledger } = world;
  return executeSqs(
    {
      queue: consumer.queue,
      receipts,
      fifo: settings.fifo,
      refuses: () => world.isTroubled() && chance.happens(settings.refusing.sqs),
      onBuried: (message, reason) => judgeBurial(batch, message, reason),
      onStrangeLetter: (body) => ledger.violate(`a dead letter is no message's copy: ${body.slice(0, 200)}`),
    },
    command,
  );
}

function sqsRecord({ handle, message }: Receipt, fifo: boolean): SQSRecord {
  return {
    messageId: message.messageId,
    receiptHandle: handle,
    body: message.body,
    attributes: {
      ApproximateReceiveCount: String(message.receiveCount),
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
      SenderId: 'sim',
      SentTimestamp: String(message.sentAt),
      ...(message.groupId !== undefined && { MessageGroupId: message.groupId }),
    },
    messageAttributes: Object.fromEntries(
      Object.entries(message.attributes ?? {}).map(([name, stringValue]) => [
        name,
        { dataType: 'String', stringValue },
      ]),
    ),
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: fifo ? 'arn:queue.fifo' : 'arn:queue',
    awsRegion: 'sim',
  };
}
