import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { queueName } from '../../queue-name.ts';
import { parseText, type ResourceReader } from './reader.ts';

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html */
const DEFAULTS = {
  DelaySeconds: 0,
  KmsMasterKeyId: undefined,
  MaximumMessageSize: 1_048_576,
  MessageRetentionPeriod: 345_600,
  ReceiveMessageWaitTimeSeconds: 0,
  RedriveAllowPolicy: undefined,
  RedrivePolicy: undefined,
  VisibilityTimeout: 30,
};

const FIFO_DEFAULTS = {
  ContentBasedDeduplication: false,
  DeduplicationScope: 'queue',
  FifoThroughputLimit: 'perQueue',
};

/** AWS::SQS::Queue. Its policy is another resource. */
export const sqsQueue: ResourceReader = {
  type: 'AWS::SQS::Queue',
  defaults: ({ FifoQueue }) => ({ ...DEFAULTS, ...(FifoQueue === true && FIFO_DEFAULTS) }),
  uncompared: { Tags: 'tags of the stack are compared' },
  read: async ({ sqs }, { physicalId: QueueUrl }) => {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    );
    return {
      ...Attributes,
      QueueName: queueName(Attributes.QueueArn ?? ''),
      RedriveAllowPolicy: parseText(Attributes.RedriveAllowPolicy),
      RedrivePolicy: parseText(Attributes.RedrivePolicy),
    };
  },
};
