import {
  EVENT_SOURCE_MAPPING,
  MAX_RETENTION_SECONDS,
  VISIBILITY_PER_FUNCTION_TIMEOUT,
} from '../aws-limits.ts';
import type { QueuePlan } from '../consumer/consumer-queues.ts';

/** The numbers of the archive's queues, its function and the mapping between them. */
export interface ArchivePlan extends QueuePlan {
  readonly timeoutSeconds: number;
  readonly memoryMegabytes: number;
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  readonly maxConcurrency: number;
}

/** A batch of 6 MB takes some seconds; the rest is for events whose data is large. */
const TIMEOUT_SECONDS = 60;
/** An object of 16 MiB, as text and as JSON, with the batch of 6 MB. */
const MEMORY_MEGABYTES = 512;
/** Each takes some thousands of events in some seconds, so it is enough for more than a topic delivers. */
const MAX_CONCURRENCY = 10;
/** With the visibility timeout, S3 may be down for hours before events go to the dead-letter queue. */
const MAX_RECEIVES = 20;
const QUEUE_RETENTION_SECONDS = 604_800;

/**
 * A batch as large as Lambda takes, for few and large objects. A FIFO queue gives ten messages at once, and does not wait for more.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export function planArchive(fifo: boolean): ArchivePlan {
  const { maxBatchSize, maxBatchSizeFifo, maxBatchingWindowSeconds } = EVENT_SOURCE_MAPPING;
  const batchingWindowSeconds = fifo ? 0 : maxBatchingWindowSeconds;
  return {
    fifo,
    timeoutSeconds: TIMEOUT_SECONDS,
    memoryMegabytes: MEMORY_MEGABYTES,
    batchSize: fifo ? maxBatchSizeFifo : maxBatchSize,
    batchingWindowSeconds,
    maxConcurrency: MAX_CONCURRENCY,
    visibilitySeconds: VISIBILITY_PER_FUNCTION_TIMEOUT * TIMEOUT_SECONDS + batchingWindowSeconds,
    maxReceiveCount: MAX_RECEIVES,
    queueRetentionSeconds: QUEUE_RETENTION_SECONDS,
    deadLetterRetentionSeconds: MAX_RETENTION_SECONDS,
  };
}
