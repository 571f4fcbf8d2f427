import type { ProvisionedPollers } from '../../contracts/function-settings.ts';
import { EVENT_SOURCE_CONCURRENCY, EVENT_SOURCE_MAPPING, PROVISIONED_POLLERS } from '../aws-limits.ts';
import { outside } from './range.ts';
import type { Validation } from './rule.ts';

/** Lambda takes the batch size, the batching window and the concurrency, for the kind of queue that it is. */
export const validateEventSourceMapping: Validation = ({ definition, fifo }) => {
  const { batchSize, batchingWindowSeconds, maxConcurrency, provisionedPollers: pollers } = definition;
  const { maxBatchSize, maxBatchSizeFifo, maxBatchSizeWithoutWindow, maxBatchingWindowSeconds } =
    EVENT_SOURCE_MAPPING;
  const findings = [
    ...outside('batchSize', batchSize, { min: 1, max: fifo ? maxBatchSizeFifo : maxBatchSize }),
    ...outside('batchingWindowSeconds', batchingWindowSeconds, { min: 0, max: maxBatchingWindowSeconds }),
    ...(pollers
      ? pollerFindings(pollers)
      : outside('maxConcurrency', maxConcurrency, EVENT_SOURCE_CONCURRENCY)),
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

function pollerFindings({ min, max }: ProvisionedPollers): readonly string[] {
  return [
    ...outside('provisionedPollers.min', min, PROVISIONED_POLLERS.min),
    ...outside('provisionedPollers.max', max, PROVISIONED_POLLERS.max),
    ...(min > max ? [`provisionedPollers.min is ${min} and max is ${max}; the first must not be more`] : []),
  ];
}
