import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { CreateResource } from './resource.ts';

/** Properties that have the same names and values in the SQS API. */
const ATTRIBUTES = [
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'DelaySeconds',
  'FifoQueue',
  'FifoThroughputLimit',
  'KmsDataKeyReusePeriodSeconds',
  'KmsMasterKeyId',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'RedriveAllowPolicy',
  'RedrivePolicy',
  'SqsManagedSseEnabled',
  'VisibilityTimeout',
] as const;

/**
 * Default values of SQS. A property that was removed from the template is set back to its default.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
 */
const DEFAULTS = {
  DelaySeconds: '0',
  KmsMasterKeyId: '',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  RedriveAllowPolicy: '',
  RedrivePolicy: '',
  SqsManagedSseEnabled: 'true',
  VisibilityTimeout: '30',
} as const;

/** Defaults of the attributes that only FIFO queues have. */
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
  // FifoQueue cannot be changed. It is also part of the name of the queue.
  const { FifoQueue = 'false', ...given } = attributes;
  const Attributes = { ...DEFAULTS, ...(FifoQueue === 'true' && FIFO_DEFAULTS), ...given };
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl: existing, Attributes }));
  return existing;
}

async function findQueue(sqs: SQSClient, name: string): Promise<string | undefined> {
  try {
    return (await sqs.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl;
  } catch (error) {
    // At the first start the queue does not exist yet. Any other error is thrown.
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
