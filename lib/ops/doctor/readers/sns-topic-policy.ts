import { GetTopicAttributesCommand } from '@aws-sdk/client-sns';
import { parseText, type ResourceReader } from './reader.ts';

/** AWS::SNS::TopicPolicy: the policy in the attributes of its topic. */
export const snsTopicPolicy: ResourceReader = {
  type: 'AWS::SNS::TopicPolicy',
  defaults: () => ({}),
  uncompared: { Topics: 'the policy is read from them' },
  read: async ({ sns }, { synthesized }) => {
    const { Topics = [] }: { Topics?: readonly string[] } = synthesized;
    const [TopicArn, another] = Topics;
    if (another !== undefined) throw new Error('a policy of several topics cannot be compared');
    const { Attributes = {} } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
    return { PolicyDocument: parseText(Attributes.Policy) };
  },
};
