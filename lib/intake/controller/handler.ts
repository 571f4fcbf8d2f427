import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { systemClock } from '../../aws/clock.ts';
import { createLogger } from '../../aws/log/create-logger.ts';
import { plainHttpGuard } from '../../aws/plain-http.ts';
import { createRequestHandler } from '../../aws/request-handler.ts';
import { requireEnvironment } from '../../aws/require-environment.ts';
import { createSqsClient } from '../../aws/sns-client.ts';
import { ENVIRONMENT } from '../../contracts/environment.ts';
import { breakerMetric } from '../breaker-metric.ts';
import { createIntakeTable } from '../intake-table.ts';
import { createConsumerQueue, createControlQueue, createPolling, createProbe } from './aws-ports.ts';
import { createController } from './create-controller.ts';

/** The function of the control queue of a bus, with what its stack has named in the environment. */
function createHandler() {
  // A probe answers after minutes: the request handler of the others would take it for a dead connection.
  const probing = new LambdaClient({ cacheMiddleware: true, maxAttempts: 2 });
  probing.middlewareStack.use(plainHttpGuard);
  const lambda = new LambdaClient({ cacheMiddleware: true, requestHandler: createRequestHandler() });
  const sqs = createSqsClient();
  const dynamodb = new DynamoDBClient({ cacheMiddleware: true, requestHandler: createRequestHandler() });
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
    probe: createProbe(probing, log),
    ...createControlQueue(sqs, urls, now),
    count: (consumer, open) => log('breaker', breakerMetric({ bus, consumer }, open, now())),
    log,
  });
}

export const handler = createHandler();
