import {
  CreateTopicCommand,
  GetTopicAttributesCommand,
  NotFoundException,
  SetTopicAttributesCommand,
  type SNSClient,
} from '@aws-sdk/client-sns';
import type { CreateResource } from './resource.ts';

/** Properties that have the same names in the SNS API and that can be changed. */
const ATTRIBUTES = [
  'ContentBasedDeduplication',
  'DisplayName',
  'KmsMasterKeyId',
  'SignatureVersion',
] as const;

/** Default values of SNS. A property that was removed from the template is set back to its default. */
const DEFAULTS = { DisplayName: '', KmsMasterKeyId: '' } as const;

/** AWS::SNS::Topic */
export const createTopic: CreateResource = async ({ name, properties }, { sns, region, account }) => {
  const fifo = properties.FifoTopic === true;
  const ownName = typeof properties.TopicName === 'string' ? properties.TopicName : undefined;
  const topicName = ownName ?? (fifo ? `${name}.fifo` : name);
  const TopicArn = `arn:aws:sns:${region}:${account}:${topicName}`;
  // CreateTopic fails for a topic that exists with other attributes.
  if (!(await exists(sns, TopicArn))) {
    const { FifoThroughputScope } = properties;
    const Attributes = fifo
      ? {
          FifoTopic: 'true',
          // The engine accepts it only in CreateTopic.
          ...(typeof FifoThroughputScope === 'string' && { FifoThroughputScope }),
        }
      : undefined;
    await sns.send(new CreateTopicCommand({ Name: topicName, Attributes }));
  }
  const attributes = {
    ...DEFAULTS,
    ...(fifo && { ContentBasedDeduplication: 'false' }),
    ...given(properties),
  };
  for (const [AttributeName, AttributeValue] of Object.entries(attributes)) {
    await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName, AttributeValue }));
  }
  return { physicalId: TopicArn, attributes: { TopicArn, TopicName: topicName } };
};

function given(properties: Readonly<Record<string, unknown>>): Record<string, string> {
  const names = ATTRIBUTES.filter((name) => properties[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, String(properties[name])]));
}

async function exists(sns: SNSClient, TopicArn: string): Promise<boolean> {
  try {
    await sns.send(new GetTopicAttributesCommand({ TopicArn }));
    return true;
  } catch (error) {
    // At the first start the topic does not exist yet. Any other error is thrown.
    if (error instanceof NotFoundException) return false;
    throw error;
  }
}
