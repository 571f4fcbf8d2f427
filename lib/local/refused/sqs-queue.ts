import { MAX_QUEUE_NAME_LENGTH, MAX_RECEIVE_COUNT } from '../aws-limits.ts';
import type { Refusal } from './refusal.ts';

/** A queue that exists, or is to be created, as its settings are checked. */
export interface CheckedQueue {
  readonly isFifo: boolean;
  /** Finds another queue by its ARN. */
  readonly find: (arn: string) => { isFifo(): boolean } | undefined;
}

const NAME = /^[\w-]+$/;
const FIFO_SUFFIX = '.fifo';

/** Names that GetQueueAttributes can be asked for. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html */
const READABLE = new Set([
  'All',
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesDelayed',
  'ApproximateNumberOfMessagesNotVisible',
  'ContentBasedDeduplication',
  'CreatedTimestamp',
  'DeduplicationScope',
  'DelaySeconds',
  'FifoQueue',
  'FifoThroughputLimit',
  'KmsDataKeyReusePeriodSeconds',
  'KmsMasterKeyId',
  'LastModifiedTimestamp',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'Policy',
  'QueueArn',
  'ReceiveMessageWaitTimeSeconds',
  'RedriveAllowPolicy',
  'RedrivePolicy',
  'SqsManagedSseEnabled',
  'VisibilityTimeout',
]);

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html */
export function refusalOfName(name: string, isFifo: boolean): Refusal | undefined {
  const own = isFifo && name.endsWith(FIFO_SUFFIX) ? name.slice(0, -FIFO_SUFFIX.length) : name;
  if (NAME.test(own) && name.length <= MAX_QUEUE_NAME_LENGTH) return undefined;
  return invalid(
    `Can only include alphanumeric characters, hyphens, or underscores. 1 to ${MAX_QUEUE_NAME_LENGTH} in length`,
  );
}

export function refusalOfRead(names: readonly string[]): Refusal | undefined {
  const unknown = names.find((name) => !READABLE.has(name));
  if (unknown === undefined) return undefined;
  return { code: 'InvalidAttributeName', message: `Unknown Attribute ${unknown}.` };
}

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html */
export function refusalOfRedrive(policy: string, queue: CheckedQueue): Refusal | undefined {
  const reason = reasonAgainst(policy, queue);
  return reason === undefined
    ? undefined
    : invalid(`Value ${policy} for parameter RedrivePolicy is invalid. Reason: ${reason}`);
}

function reasonAgainst(policy: string, { isFifo, find }: CheckedQueue): string | undefined {
  const { deadLetterTargetArn: arn, maxReceiveCount: count } = parse(policy) ?? {};
  if (typeof arn !== 'string')
    return 'Redrive policy does not contain mandatory attribute: deadLetterTargetArn.';
  if (count === undefined || count === null)
    return 'Redrive policy does not contain mandatory attribute: maxReceiveCount.';
  const times = Number(count);
  if (!Number.isInteger(times) || times < 1 || times > MAX_RECEIVE_COUNT)
    return `Invalid value for maxReceiveCount: ${count}, valid values are from 1 to ${MAX_RECEIVE_COUNT} both inclusive.`;
  const deadLetterQueue = find(arn);
  if (!deadLetterQueue) return 'Dead letter target does not exist.';
  if (deadLetterQueue.isFifo() !== isFifo)
    return 'Dead-letter queue must be same type of queue as the source.';
  return undefined;
}

function parse(
  policy: string,
): { readonly deadLetterTargetArn?: unknown; readonly maxReceiveCount?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(policy);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    // The caller says what is missing in it.
    return undefined;
  }
}

function invalid(message: string): Refusal {
  return { code: 'InvalidParameterValue', message };
}
