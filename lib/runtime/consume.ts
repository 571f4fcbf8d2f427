import { randomUUID } from 'node:crypto';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { ConsumerDefinition } from '../contracts/define-consumer.ts';
import type { EventContract, EventOf } from '../contracts/define-event.ts';
import { ENVIRONMENT, tableVariable } from '../contracts/environment.ts';
import { createSnsClient, createSqsClient } from './aws.ts';
import { processBatch } from './batch.ts';
import { createBucketOfEnvironment } from './bucket-of-environment.ts';
import { systemClock } from './clock.ts';
import { createEventData } from './event-data.ts';
import type { Handle } from './handle.ts';
import type { HandlerContext } from './handler-context.ts';
import { createTopicPublisher } from './publisher.ts';
import { requireEnvironment } from './require-environment.ts';
import { createStatementClient } from './statement-client.ts';
import { createTelemetry } from './telemetry/powertools.ts';

/** A handler for every event that the consumer listens to, by the event's type without its version. */
export type Handlers<Contract extends EventContract, Table extends string> = {
  readonly [Type in Contract['type']]: (
    event: EventOf<Extract<Contract, { readonly type: Type }>>,
    context: HandlerContext<Table>,
  ) => Promise<void> | void;
};

/**
 * Makes the Lambda handler of a consumer. Every event takes effect once, however often its message is delivered; a
 * throw means that it is delivered again, after a pause that grows; `PermanentFailure` sends it to the dead-letter
 * queue.
 *
 * @throws Error at start when an environment variable that the stack sets is missing
 */
export function consume<Contract extends EventContract, Table extends string>(
  definition: ConsumerDefinition<Contract, Table>,
  handlers: Handlers<Contract, Table>,
): (event: SQSEvent, context: Pick<Context, 'getRemainingTimeInMillis'>) => Promise<SQSBatchResponse> {
  const roles = Object.keys(definition.tables);
  const setup = {
    definition,
    handlers: handlerMap(handlers),
    idempotencyTable: requireEnvironment(ENVIRONMENT.idempotencyTable),
    queueUrl: requireEnvironment(ENVIRONMENT.queueUrl),
    deadLetterQueueUrl: requireEnvironment(ENVIRONMENT.deadLetterQueueUrl),
    tables: Object.fromEntries(roles.map((role) => [role, requireEnvironment(tableVariable(role))])),
    telemetry: createTelemetry(definition.name),
    ports: {
      dynamodb: createStatementClient(),
      sqs: createSqsClient(),
      publisher: definition.emits.length > 0 ? createPublisher() : undefined,
      eventData: createEventData(createBucketOfEnvironment()),
      clock: systemClock,
      random: Math.random,
      newToken: randomUUID,
    },
  };
  return (event, context) => processBatch(setup, event.Records, context.getRemainingTimeInMillis());
}

function createPublisher() {
  return createTopicPublisher({
    sns: createSnsClient(),
    topicArn: requireEnvironment(ENVIRONMENT.topicArn),
  });
}

/**
 * Forgets the handlers' types. Each is called only with events of its own type, whose data has been checked against
 * the contract: that makes the cast right.
 */
export function handlerMap(handlers: object): ReadonlyMap<string, Handle> {
  return new Map(Object.entries(handlers) as [string, Handle][]);
}
