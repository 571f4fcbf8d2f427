import { EVENT_SOURCE_CONCURRENCY, EVENT_SOURCE_MAPPING } from '../aws-limits.ts';
import type { Proof } from './prove-consumer.ts';
import { outside } from './range.ts';

/** Lambda takes the batch size, the batching window and the concurrency, for the kind of queue that it is. */
export const proveEventSourceMapping: Proof = ({ definition, fifo }) => {
  const { batchSize, batchingWindowSeconds, maxConcurrency } = definition;
  const { maxBatchSize, maxBatchSizeFifo, maxBatchSizeWithoutWindow, maxBatchingWindowSeconds } =
    EVENT_SOURCE_MAPPING;
  const findings = [
    ...outside('batchSize', batchSize, { min: 1, max: fifo ? maxBatchSizeFifo : maxBatchSize }),
    ...outside('batchingWindowSeconds', batchingWindowSeconds, { min: 0, max: maxBatchingWindowSeconds }),
    ...outside('maxConcurrency', maxConcurrency, EVENT_SOURCE_CONCURRENCY),
  ];
  if (fifo && batchingWindowSeconds > 0) {
    findings.push(
      `batchingWindowSeconds is ${batchingWindowSeconds}; a FIFO queue has no batching window, set it to 0`,
    );
  }
  if (!fifo && batchSize > maxBatchSizeWithoutWindow && batchingWindowSeconds < 1) {
    findings.push(
      `batchSize is ${batchSize}; over ${maxBatchSizeWithoutWindow} Lambda needs a batching window, set batchingWindowSeconds to 1 or more`,
    );
  }
  return findings;
};
