import { requireEnvironment } from '../../aws/require-environment.ts';
import { createSnsClient } from '../../aws/sns-client.ts';
import { ENVIRONMENT } from '../../contracts/environment.ts';
import { createBucketOfEnvironment } from '../large-data/bucket-of-environment.ts';
import { createClaimCheckPublisher } from './claim-check.ts';
import { createTopicPublisher, type TopicPublisher } from './topic-publisher.ts';

/** The publisher to the topic and the data bucket that are named in the environment. @throws Error when one of them is not named */
export function publisherOfEnvironment(): TopicPublisher {
  const topicArn = requireEnvironment(ENVIRONMENT.topicArn);
  const publisher = createTopicPublisher({ sns: createSnsClient(), topicArn });
  return createClaimCheckPublisher(publisher, createBucketOfEnvironment());
}
