import { SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { CreateResource } from './resource.ts';

/** AWS::SQS::QueuePolicy: an attribute of its queues. It can be read, and is not enforced here. */
export const createQueuePolicy: CreateResource = async ({ name, properties }, { sqs }) => {
  const { PolicyDocument, Queues = [] }: { PolicyDocument?: unknown; Queues?: readonly string[] } =
    properties;
  for (const QueueUrl of Queues) {
    const Attributes = { Policy: JSON.stringify(PolicyDocument) };
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
  }
  return { physicalId: name, attributes: { Id: name } };
};
