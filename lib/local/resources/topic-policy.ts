import { SetTopicAttributesCommand } from '@aws-sdk/client-sns';
import type { CreateResource } from './resource.ts';

/** AWS::SNS::TopicPolicy: an attribute of its topics. It can be read, and is not enforced here. */
export const createTopicPolicy: CreateResource = async ({ name, properties }, { sns }) => {
  const { PolicyDocument, Topics = [] }: { PolicyDocument?: unknown; Topics?: readonly string[] } =
    properties;
  const AttributeValue = JSON.stringify(PolicyDocument);
  for (const TopicArn of Topics) {
    await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue }));
  }
  return { physicalId: name, attributes: { Id: name } };
};
