import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { CreateResource } from './resource.ts';

/** Properties whose names and values are those of the SQS API. */
const ATTRIBUTES = [
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'DelaySeconds',
  'FifoQueue',
  'FifoThroughputLimit',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'RedriveAllowPolicy',
  'RedrivePolicy',
  'VisibilityTimeout',
] as const;

/**
 * What SQS has when the template says nothing: a property that was taken out is set back to it.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
 */
const DEFAULTS = {
  DelaySeconds: '0',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  RedriveAllowPolicy: '',
  RedrivePolicy: '',
  VisibilityTimeout: '30',
} as const;

/** The same, of what FIFO queues alone have. */
const FIFO_DEFAULTS = {
  ContentBasedDeduplication: 'false',
  DeduplicationScope: 'queue',
  FifoThroughputLimit: 'perQueue',
} as const;

/** AWS::SQS::Queue */
export const createQueue: CreateResource = async ({ name, properties }, { sqs }) => {
  const suffix = properties.FifoQueue === true ? '.fifo' : '';
  const queueName = typeof properties.QueueName === 'string' ? properties.QueueName : `${name}${suffix}`;
  const url = await putQueue(sqs, queueName, attributesOf(properties));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }),
  );
  return {
    physicalId: url,
    attributes: { Arn: Attributes?.QueueArn ?? '', QueueName: queueName, QueueUrl: url },
  };
};

async function putQueue(sqs: SQSClient, name: string, attributes: Record<string, string>): Promise<string> {
  const existing = await findQueue(sqs, name);
  if (existing === undefined) {
    const { QueueUrl = '' } = await sqs.send(
      new CreateQueueCommand({ QueueName: name, Attributes: attributes }),
    );
    return QueueUrl;
  }
  // Whether a queue is FIFO is in its name, and never changes.
  const { FifoQueue = 'false', ...given } = attributes;
  const Attributes = { ...DEFAULTS, ...(FifoQueue === 'true' && FIFO_DEFAULTS), ...given };
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl: existing, Attributes }));
  return existing;
}

async function findQueue(sqs: SQSClient, name: string): Promise<string | undefined> {
  try {
    return (await sqs.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl;
  } catch (error) {
    // That it does not exist yet is the usual answer; everything else is an error.
    if (error instanceof Error && /NonExistentQueue|QueueDoesNotExist/.test(error.name)) return undefined;
    throw error;
  }
}

function attributesOf(properties: Readonly<Record<string, unknown>>): Record<string, string> {
  const given = ATTRIBUTES.filter((attribute) => properties[attribute] !== undefined);
  return Object.fromEntries(
    given.map((attribute) => {
      const value = properties[attribute];
      return [attribute, typeof value === 'object' ? JSON.stringify(value) : String(value)];
    }),
  );
}
