import { CreateTopicCommand } from '@aws-sdk/client-sns';
import type { CreateResource } from './resource.ts';

/** AWS::SNS::Topic */
export const createTopic: CreateResource = async ({ name, properties }, { sns }) => {
  const fifo = properties.FifoTopic === true;
  const { TopicArn = '' } = await sns.send(
    new CreateTopicCommand({
      Name: fifo ? `${name}.fifo` : name,
      ...(fifo && { Attributes: { FifoTopic: 'true' } }),
    }),
  );
  return { physicalId: TopicArn, attributes: { TopicArn, TopicName: TopicArn.split(':').at(-1) ?? '' } };
};
