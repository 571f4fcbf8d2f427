import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { systemClock } from '../../aws/clock.ts';
import { requireEnvironment } from '../../aws/require-environment.ts';
import { createSnsClient } from '../../aws/sns-client.ts';
import { ENVIRONMENT } from '../../contracts/environment.ts';
import { createBucketOfEnvironment } from '../large-data/bucket-of-environment.ts';
import { createClaimCheckPublisher } from './claim-check.ts';
import { createLaterPublisher } from './later-publisher.ts';
import { createLaterQueue, type LaterQueue } from './later-queue.ts';
import { createSendBatch } from './send-batch.ts';
import { createTopicPublisher, type TopicPublisher } from './topic-publisher.ts';

/**
 * The publisher to the topic, the data bucket and the queue of later events that are named in the environment. Without that queue, nothing
 * comes later: the function of an EventBridge bus has none.
 *
 * @throws Error when the topic or the bucket is not named
 */
export function publisherOfEnvironment(): TopicPublisher {
  const topicArn = requireEnvironment(ENVIRONMENT.topicArn);
  const topic = createTopicPublisher({ sns: createSnsClient(), topicArn });
  const queueUrl = process.env[ENVIRONMENT.laterQueueUrl];
  const publisher = queueUrl === undefined ? topic : createLaterPublisher(topic, createLater(queueUrl));
  return createClaimCheckPublisher(publisher, createBucketOfEnvironment());
}

function createLater(queueUrl: string): LaterQueue {
  const sendBatch = createSendBatch({
    region: requireEnvironment('AWS_REGION'),
    credentials: defaultProvider(),
    environment: process.env,
    clock: systemClock,
  });
  return createLaterQueue({ queueUrl, sendBatch });
}
