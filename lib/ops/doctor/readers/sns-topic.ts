import { GetTopicAttributesCommand } from '@aws-sdk/client-sns';
import { queueName } from '../../queue-name.ts';
import { parseText, type ResourceReader } from './reader.ts';

/** AWS::SNS::Topic. Its policy is another resource. */
export const snsTopic: ResourceReader = {
  type: 'AWS::SNS::Topic',
  defaults: () => ({
    ContentBasedDeduplication: false,
    DeliveryPolicy: undefined,
    DisplayName: undefined,
    FifoTopic: false,
    KmsMasterKeyId: undefined,
    SignatureVersion: '1',
    TracingConfig: 'PassThrough',
  }),
  uncompared: {
    Subscription: 'subscriptions are other resources',
    Tags: 'tags of the stack are compared',
  },
  read: async ({ sns }, { physicalId: TopicArn }) => {
    const { Attributes = {} } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
    const { FifoTopic = 'false', ContentBasedDeduplication = 'false' } = Attributes;
    const { SignatureVersion = '1', TracingConfig = 'PassThrough' } = Attributes;
    return {
      ...Attributes,
      FifoTopic,
      ContentBasedDeduplication,
      SignatureVersion,
      TracingConfig,
      DeliveryPolicy: parseText(Attributes.DeliveryPolicy),
      TopicName: queueName(TopicArn),
    };
  },
};
