import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import { systemClock } from '../../aws/clock.ts';
import { createLogger } from '../../aws/log/create-logger.ts';
import { plainHttpGuard } from '../../aws/plain-http.ts';
import { requireEnvironment } from '../../aws/require-environment.ts';
import { ENVIRONMENT } from '../../contracts/environment.ts';
import { breakerMetric } from '../breaker-metric.ts';
import { createIntakeTable } from '../intake-table.ts';
import { createConsumerQueue, createControlQueue, createPolling, createProbe } from './aws-ports.ts';
import { createController } from './create-controller.ts';

/** The function of the control queue of a bus, with what its stack has named in the environment. */
function createHandler() {
  const lambda = new LambdaClient({ cacheMiddleware: true, maxAttempts: 2 });
  const sqs = new SQSClient({ cacheMiddleware: true, useQueueUrlAsEndpoint: false });
  const dynamodb = new DynamoDBClient({ cacheMiddleware: true });
  for (const client of [lambda, sqs, dynamodb]) client.middlewareStack.use(plainHttpGuard);
  const logger = createLogger();
  const { now } = systemClock;
  const bus = requireEnvironment(ENVIRONMENT.busName);
  const urls = {
    queue: requireEnvironment(ENVIRONMENT.controlQueueUrl),
    deadLetterQueue: requireEnvironment(ENVIRONMENT.deadLetterQueueUrl),
  };
  const log = (message: string, fields: Readonly<Record<string, unknown>>) => logger.info(message, fields);
  return createController({
    table: createIntakeTable({ dynamodb, name: requireEnvironment(ENVIRONMENT.intakeTable) }),
    now,
    setPolling: createPolling(lambda),
    queue: createConsumerQueue(sqs),
    probe: createProbe(lambda, log),
    ...createControlQueue(sqs, urls, now),
    count: (consumer, open) => log('breaker', breakerMetric({ bus, consumer }, open, now())),
    log,
  });
}

export const handler = createHandler();
