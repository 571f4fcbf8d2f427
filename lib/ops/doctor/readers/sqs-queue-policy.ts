import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { parseText, type ResourceReader } from './reader.ts';

/** AWS::SQS::QueuePolicy: the policy in the attributes of its queue. */
export const sqsQueuePolicy: ResourceReader = {
  type: 'AWS::SQS::QueuePolicy',
  defaults: () => ({}),
  uncompared: { Queues: 'the policy is read from them' },
  read: async ({ sqs }, { synthesized }) => {
    const { Queues = [] }: { Queues?: readonly string[] } = synthesized;
    const [QueueUrl, another] = Queues;
    if (another !== undefined) throw new Error('a policy of several queues cannot be compared');
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['Policy'] }),
    );
    return { PolicyDocument: parseText(Attributes.Policy) };
  },
};
