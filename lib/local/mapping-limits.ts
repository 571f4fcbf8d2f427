import type { MappingConfiguration } from './event-source-mapping.ts';

const MAX_BATCH_SIZE = 10_000;
/** Of a FIFO queue, and of any without a batching window. */
const MAX_PLAIN_BATCH_SIZE = 10;
const MAX_WINDOW_SECONDS = 300;
const CONCURRENCY = { min: 2, max: 1_000 };

/**
 * Refuses what Lambda refuses of a mapping, so that it is found before it is deployed.
 *
 * @throws Error with the value and what is allowed
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
export function requireMappingLimits(configuration: MappingConfiguration): void {
  const { batchSize, batchingWindowSeconds, maximumConcurrency, queueArn } = configuration;
  requireRange('BatchSize', batchSize, 1, MAX_BATCH_SIZE);
  requireRange('MaximumBatchingWindowInSeconds', batchingWindowSeconds, 0, MAX_WINDOW_SECONDS);
  requireRange('MaximumConcurrency', maximumConcurrency, CONCURRENCY.min, CONCURRENCY.max);
  if (queueArn.endsWith('.fifo')) {
    if (batchingWindowSeconds > 0) throw new Error('a FIFO queue takes no batching window; leave it out');
    if (batchSize > MAX_PLAIN_BATCH_SIZE)
      throw new Error(`a FIFO queue takes a BatchSize of 10 at most; it is ${batchSize}`);
  } else if (batchSize > MAX_PLAIN_BATCH_SIZE && batchingWindowSeconds === 0) {
    throw new Error(`BatchSize is ${batchSize}; above 10 it needs a batching window of a second at least`);
  }
}

function requireRange(name: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new Error(`${name} is ${value}; Lambda takes a whole number from ${min} to ${max}`);
}
