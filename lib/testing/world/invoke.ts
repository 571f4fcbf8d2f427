import type { PublishBatchCommandInput } from '@aws-sdk/client-sns';
import type { SendMessageBatchCommandInput } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse } from 'aws-lambda';
import type { Envelope } from '../../contracts/envelope/envelope.ts';
import { identityOf } from '../../contracts/envelope/envelope.ts';
import { parseJson } from '../../contracts/json/json.ts';
import { readLaterMessage } from '../../later/later-message.ts';
import { createLaterQueue, type SendBatch } from '../../publishing/topic/later-queue.ts';
import { createTopicPublisher } from '../../publishing/topic/topic-publisher.ts';
import type { ConsumerSetup } from '../../runtime/batch/consumer-setup.ts';
import { processBatch } from '../../runtime/batch/process-batch.ts';
import { DataUnavailableError } from '../../runtime/errors.ts';
import type { EventData } from '../../runtime/event/event-data.ts';
import type { Handle } from '../../runtime/handling/handle.ts';
import type { HandlerContext } from '../../runtime/handling/handler-context.ts';
import type { CallOptions } from '../process/call.ts';
import { currentScope, inScope } from '../process/handler-scope.ts';
import type { Invocation } from '../process/invocation.ts';
import { operationOf, type SdkCommand } from '../process/sdk.ts';
import { HandlerRun } from './handler-run.ts';
import { createMemoryLogger } from './log.ts';
import { type Message, sqsRecord } from './message.ts';
import { executeSqs } from './sqs.ts';
import { RECORDS, type Report, type World } from './world.ts';

/** A batch of messages that one invocation handles. */
export interface Delivery {
  readonly world: World;
  readonly invocation: Invocation;
  readonly messages: readonly Message[];
  readonly onReport: (report: Report) => void;
}

/**
 * Runs the real runtime with a batch.
 *
 * @param remainingMs how long the invocation may last
 */
export function invoke(delivery: Delivery, remainingMs: number): Promise<SQSBatchResponse> {
  const { world, messages } = delivery;
  for (const message of messages) {
    message.receiveCount += 1;
    message.firstReceivedAt ??= world.scheduler.now;
  }
  return processBatch(setupOf(delivery), messages.map(sqsRecord), remainingMs);
}

function setupOf(delivery: Delivery): ConsumerSetup {
  const { world, invocation, messages, onReport } = delivery;
  const { definition, handlers, random } = world;
  const { clock } = invocation;
  const wrapped = [...handlers].map(([type, handler]) => [type, observed(delivery, handler)] as const);
  return {
    definition,
    handlers: new Map(wrapped),
    idempotencyTable: RECORDS,
    queueUrl: 'queue',
    deadLetterQueueUrl: 'dead-letters',
    tables: Object.fromEntries(Object.keys(definition.tables).map((role) => [role, role])),
    telemetry: {
      begin: () => undefined,
      loggerFor: () => createMemoryLogger(world.logs),
      report: onReport,
    },
    ports: {
      dynamodb: client(invocation, 'DynamoDB', (operation, input) => {
        const scope = currentScope();
        return () =>
          world.writeAs(scope instanceof HandlerRun ? scope : undefined, 'commit', operation, input);
      }),
      sqs: client(
        invocation,
        'SQS',
        (operation, input) => () => executeSqs(world, messages, operation, input),
      ),
      publisher: createTopicPublisher({
        sns: client(invocation, 'SNS', (_, input) => () => publish(world, input as PublishBatchCommandInput)),
        topicArn: 'topic',
        clock,
        random,
      }),
      later: definition.emitsLater
        ? createLaterQueue({
            sendBatch: (input, { abortSignal }) =>
              invocation.call(SEND_LATER, () => sendLater(world, input), { abortSignal }),
            queueUrl: 'later',
            clock,
            random,
          })
        : undefined,
      eventData: NO_EVENT_DATA,
      getSecret: async (name) => secretOf(world, name),
      clock,
      random,
      newToken: () => `${invocation.name}-${world.newName('token')}`,
    },
  };
}

/** A client of one service, over the network of one invocation. The ports' `send` is generic; services answer what is sent. */
function client<Client>(
  invocation: Invocation,
  service: string,
  prepare: (operation: string, input: object) => () => object,
): Client {
  const send = (command: SdkCommand, options: CallOptions = {}): Promise<object> => {
    const operation = operationOf(command);
    const call = { service, operation, byHandler: currentScope() !== undefined };
    return invocation.call(call, prepare(operation, command.input), options);
  };
  return { send } as Client;
}

/** The handler, in a scope of its own. That of a dead process does not begin. */
function observed({ world, invocation }: Delivery, handler: Handle): Handle {
  return (event: Envelope, context: HandlerContext) => {
    if (invocation.dead) return new Promise(() => undefined);
    const run = new HandlerRun(world, invocation, identityOf(event));
    world.runs.add(run);
    return inScope(run, async () => {
      try {
        await handler(event, context);
      } finally {
        run.running = false;
        world.runs.delete(run);
      }
    });
  };
}

function publish(world: World, { PublishBatchRequestEntries = [] }: PublishBatchCommandInput): object {
  // The publisher has written the message from an envelope.
  for (const { Message = '' } of PublishBatchRequestEntries)
    world.published.push(parseJson(Message) as Envelope);
  const Successful = PublishBatchRequestEntries.map(({ Id }) => ({ Id, MessageId: `published-${Id}` }));
  return { Successful, Failed: [] };
}

const SEND_LATER = { service: 'SQS', operation: 'SendMessageBatch', byHandler: false };

/** Takes later events as if they were published, with their time, and cancellations. */
function sendLater(
  world: World,
  { Entries = [] }: SendMessageBatchCommandInput,
): Awaited<ReturnType<SendBatch>> {
  for (const { MessageBody = '' } of Entries) {
    const message = readLaterMessage(MessageBody);
    if ('event' in message) world.published.push(message.event);
    else if ('cancel' in message) world.cancelled.push(message.cancel.key);
  }
  const Successful = Entries.map(({ Id }) => ({ Id, MessageId: `later-${Id}`, MD5OfMessageBody: '' }));
  return { Successful, Failed: [] };
}

function secretOf(world: World, name: string): string {
  const value = Object.hasOwn(world.secrets, name) ? world.secrets[name] : undefined;
  if (value !== undefined) return value;
  throw world.reportTestError(
    new Error(
      `the test has no value for the secret '${name}'; pass it with the options: { secrets: { ${name}: '...' } }`,
    ),
  );
}

/** Events of a test carry their data. */
const NO_EVENT_DATA: EventData = {
  fetchData: () => Promise.resolve(undefined),
  follow: (event) =>
    Promise.reject(
      new DataUnavailableError(`event ${event.id} has a link, which the testing kit does not follow`),
    ),
};
