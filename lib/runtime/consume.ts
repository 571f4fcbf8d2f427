import { randomUUID } from 'node:crypto';
import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { systemClock } from '../aws/clock.ts';
import { requireEnvironment } from '../aws/require-environment.ts';
import { createSnsClient, createSqsClient } from '../aws/sns-client.ts';
import { createStatementClient } from '../aws/statement-client.ts';
import type { ConsumerDefinition } from '../contracts/define-consumer.ts';
import type { ProbeAnswer, ProbeFor } from '../contracts/delivery/probe.ts';
import { ENVIRONMENT, tableVariable } from '../contracts/environment.ts';
import { createBucketOfEnvironment } from '../publishing/large-data/bucket-of-environment.ts';
import { createLaterQueue, type LaterQueue } from '../publishing/topic/later-queue.ts';
import { createTopicPublisher } from '../publishing/topic/topic-publisher.ts';
import { processBatch } from './batch/process-batch.ts';
import { createBreakerOfEnvironment } from './breaker/breaker-of-environment.ts';
import { createProbeGate } from './breaker/probe-gate.ts';
import { createEventData } from './event/event-data.ts';
import type { HandledEvent } from './event/handled-event.ts';
import { type Around, wrapHandlers } from './handling/around.ts';
import type { EmittedEvent } from './handling/emit-options.ts';
import type { Handle } from './handling/handle.ts';
import type { HandlerContext } from './handling/handler-context.ts';
import { createSecrets } from './secrets.ts';
import { createTelemetry } from './telemetry/powertools.ts';

/** What a handler may return: nothing, or what a last `ctx.emit` returns, so that it can be written as one expression. */
// biome-ignore lint/suspicious/noConfusingVoidType: the result of a function that returns nothing
type HandlerResult = void | EmittedEvent;

/**
 * A handler for every event that the consumer listens to, by the event's type without its version. The runtime awaits it, and does not look
 * at what it returns.
 */
export type Handlers<Definition extends ConsumerDefinition> = {
  readonly [Type in Definition['listensTo'][number]['type']]: (
    event: HandledEvent<Definition, Extract<Definition['listensTo'][number], { readonly type: Type }>>,
    context: HandlerContext<Definition>,
  ) => Promise<HandlerResult> | HandlerResult;
};

/** Options of `consume`. */
export interface ConsumeOptions<Definition extends ConsumerDefinition> {
  /** A function that runs around each handler. See docs/consumers.md. @default - none */
  readonly around?: Around<Definition>;
}

/** The parts of Lambda's context that the handler uses. A test may leave `awsRequestId` out. */
export type InvocationContext = Pick<Context, 'getRemainingTimeInMillis'> &
  Partial<Pick<Context, 'awsRequestId'>>;

/** What invokes a consumer: a batch of its queue, or one event of it while its breaker is open. */
export type ConsumerEvent = SQSEvent & {
  /** Why the intake is stopped. @default - it is not: the event is an ordinary batch */
  readonly probe?: ProbeFor;
  /** Whether a failure of the probe gives its event up, because it has stopped all others for a day. @default false */
  readonly givesUp?: boolean;
};

/** Which messages stay in the queue, and what a probe has shown. */
export type ConsumerAnswer = SQSBatchResponse & { readonly probe?: ProbeAnswer };

/** The events of a probe of a consumer whose breaker was taken away meanwhile. */
const DELAY_WITHOUT_BREAKER_SECONDS = 15;

/**
 * Creates the Lambda handler of a consumer. Every event takes effect once, however often its message is delivered. If a handler throws,
 * the event is delivered again, with a delay that grows. If it throws a `PermanentError`, the event goes to the dead-letter queue.
 *
 * @throws Error at start when an environment variable is missing that the stack sets
 */
export function consume<Definition extends ConsumerDefinition>(
  definition: Definition,
  handlers: Handlers<Definition>,
  { around }: ConsumeOptions<Definition> = {},
): (event: ConsumerEvent, context: InvocationContext) => Promise<ConsumerAnswer> {
  const roles = Object.keys(definition.tables);
  const telemetry = createTelemetry(definition.name);
  const sqs = createSqsClient();
  const setup = {
    definition,
    handlers: handlerMap(handlers, around),
    idempotencyTable: requireEnvironment(ENVIRONMENT.idempotencyTable),
    queueUrl: requireEnvironment(ENVIRONMENT.queueUrl),
    deadLetterQueueUrl: requireEnvironment(ENVIRONMENT.deadLetterQueueUrl),
    tables: Object.fromEntries(roles.map((role) => [role, requireEnvironment(tableVariable(role))])),
    telemetry,
    ports: {
      dynamodb: createStatementClient(),
      sqs,
      publisher: definition.emits.length > 0 ? createPublisher() : undefined,
      later: definition.emitsLater ? createLater(sqs) : undefined,
      emitterName: process.env[ENVIRONMENT.emitterName],
      eventData: createEventData(createBucketOfEnvironment()),
      getSecret: createSecrets(Object.keys(definition.secrets)),
      clock: systemClock,
      random: Math.random,
      newToken: randomUUID,
    },
  };
  const breaker = createBreakerOfEnvironment(definition, setup.ports, telemetry.warn);
  const gateOf = ({ probe, givesUp = false }: ConsumerEvent) =>
    breaker?.gate(probe, givesUp) ??
    (probe &&
      createProbeGate({
        cause: probe,
        givesUp,
        maxAttempts: definition.retry.maxAttempts,
        delaySeconds: DELAY_WITHOUT_BREAKER_SECONDS,
      }));
  return async (event, context) => {
    telemetry.useRequestId(context.awsRequestId);
    const gate = gateOf(event);
    const answer = await processBatch({ ...setup, gate }, event.Records, context.getRemainingTimeInMillis());
    return gate?.answer === undefined ? answer : { ...answer, probe: gate.answer };
  };
}

function createPublisher() {
  return createTopicPublisher({
    sns: createSnsClient(),
    topicArn: requireEnvironment(ENVIRONMENT.topicArn),
  });
}

function createLater(sqs: SQSClient): LaterQueue {
  return createLaterQueue({
    sendBatch: (input, options) => sqs.send(new SendMessageBatchCommand(input), options),
    queueUrl: requireEnvironment(ENVIRONMENT.laterQueueUrl),
  });
}

/**
 * The handlers by event type, without their own types. The cast is safe: a handler is called only with events of its type, and their
 * data is checked against the contract first.
 */
export function handlerMap<Definition extends ConsumerDefinition>(
  handlers: Handlers<Definition>,
  around: Around<Definition> | undefined,
): ReadonlyMap<string, Handle> {
  const map = new Map(Object.entries(handlers) as [string, Handle][]);
  return around ? wrapHandlers(map, around) : map;
}
