import {
  CreateTopicCommand,
  GetTopicAttributesCommand,
  NotFoundException,
  SetTopicAttributesCommand,
  type SNSClient,
} from '@aws-sdk/client-sns';
import type { CreateResource } from './resource.ts';

/** AWS::SNS::Topic */
export const createTopic: CreateResource = async ({ name, properties }, { sns, region, account }) => {
  const fifo = properties.FifoTopic === true;
  const given = typeof properties.TopicName === 'string' ? properties.TopicName : undefined;
  const topicName = given ?? (fifo ? `${name}.fifo` : name);
  const TopicArn = `arn:aws:sns:${region}:${account}:${topicName}`;
  // CreateTopic refuses a topic that is there with other attributes, the ones that it was given since among them.
  if (!(await exists(sns, TopicArn))) {
    const Attributes = fifo ? { FifoTopic: 'true' } : undefined;
    await sns.send(new CreateTopicCommand({ Name: topicName, Attributes }));
  }
  if (fifo) {
    await sns.send(
      new SetTopicAttributesCommand({
        TopicArn,
        AttributeName: 'ContentBasedDeduplication',
        AttributeValue: String(properties.ContentBasedDeduplication ?? false),
      }),
    );
  }
  return { physicalId: TopicArn, attributes: { TopicArn, TopicName: topicName } };
};

async function exists(sns: SNSClient, TopicArn: string): Promise<boolean> {
  try {
    await sns.send(new GetTopicAttributesCommand({ TopicArn }));
    return true;
  } catch (error) {
    // That it does not exist yet is the usual answer; everything else is an error.
    if (error instanceof NotFoundException) return false;
    throw error;
  }
}
