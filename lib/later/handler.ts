import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { systemClock } from '../aws/clock.ts';
import { createLogger } from '../aws/log/create-logger.ts';
import { createRequestHandler } from '../aws/request-handler.ts';
import { requireEnvironment } from '../aws/require-environment.ts';
import { createSnsClient, createSqsClient } from '../aws/sns-client.ts';
import { ENVIRONMENT } from '../contracts/environment.ts';
import { createTopicPublisher } from '../publishing/topic/topic-publisher.ts';
import { createCancellations } from './cancellations.ts';
import { createLaterHandler } from './create-later-handler.ts';
import { createSchedules } from './schedules.ts';

/** The function of the queue of later events, with what its stack has named in the environment. */
function createHandler() {
  const configuration = { cacheMiddleware: true, requestHandler: createRequestHandler() };
  return createLaterHandler({
    sqs: createSqsClient(),
    publisher: createTopicPublisher({
      sns: createSnsClient(),
      topicArn: requireEnvironment(ENVIRONMENT.topicArn),
    }),
    cancellations: createCancellations({
      dynamodb: new DynamoDBClient(configuration),
      name: requireEnvironment(ENVIRONMENT.cancellationsTable),
    }),
    schedules: createSchedules({
      scheduler: new SchedulerClient(configuration),
      groupName: requireEnvironment(ENVIRONMENT.scheduleGroup),
      roleArn: requireEnvironment(ENVIRONMENT.scheduleRoleArn),
      queueArn: requireEnvironment(ENVIRONMENT.laterQueueArn),
      deadLetterQueueArn: requireEnvironment(ENVIRONMENT.scheduleDeadLetterQueueArn),
    }),
    queueUrl: requireEnvironment(ENVIRONMENT.laterQueueUrl),
    deadLetterQueueUrl: requireEnvironment(ENVIRONMENT.deadLetterQueueUrl),
    clock: systemClock,
    log: createLogger(),
  });
}

export const handler = createHandler();
