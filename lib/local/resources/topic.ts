import { CreateTopicCommand, SetTopicAttributesCommand } from '@aws-sdk/client-sns';
import type { CreateResource } from './resource.ts';

/** AWS::SNS::Topic */
export const createTopic: CreateResource = async ({ name, properties }, { sns }) => {
  const fifo = properties.FifoTopic === true;
  const given = typeof properties.TopicName === 'string' ? properties.TopicName : undefined;
  const { TopicArn = '' } = await sns.send(
    new CreateTopicCommand({
      Name: given ?? (fifo ? `${name}.fifo` : name),
      ...(fifo && { Attributes: { FifoTopic: 'true' } }),
    }),
  );
  if (fifo) {
    await sns.send(
      new SetTopicAttributesCommand({
        TopicArn,
        AttributeName: 'ContentBasedDeduplication',
        AttributeValue: String(properties.ContentBasedDeduplication ?? false),
      }),
    );
  }
  return { physicalId: TopicArn, attributes: { TopicArn, TopicName: TopicArn.split(':').at(-1) ?? '' } };
};
