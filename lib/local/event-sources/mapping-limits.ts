import { EVENT_SOURCE_CONCURRENCY, EVENT_SOURCE_MAPPING, PROVISIONED_POLLERS } from '../aws-limits.ts';
import type { MappingConfiguration } from './event-source-mapping.ts';

/**
 * Refuses the settings that Lambda refuses, so that the mistake is found before a deployment.
 *
 * @throws Error with the value and the allowed range
 */
export function requireMappingLimits(configuration: MappingConfiguration): void {
  const { batchSize, batchingWindowSeconds, maximumConcurrency, queueArn } = configuration;
  const { maxBatchSize, maxBatchSizeWithoutWindow, maxBatchingWindowSeconds } = EVENT_SOURCE_MAPPING;
  const { min, max } = EVENT_SOURCE_CONCURRENCY;
  requireRange('BatchSize', batchSize, 1, maxBatchSize);
  requireRange('MaximumBatchingWindowInSeconds', batchingWindowSeconds, 0, maxBatchingWindowSeconds);
  requireRange('MaximumConcurrency', maximumConcurrency, min, max);
  if (queueArn.endsWith('.fifo')) {
    if (batchingWindowSeconds > 0) throw new Error('a FIFO queue takes no batching window; leave it out');
    if (batchSize > maxBatchSizeWithoutWindow)
      throw new Error(
        `a FIFO queue allows a BatchSize of at most ${maxBatchSizeWithoutWindow}; it is ${batchSize}`,
      );
  } else if (batchSize > maxBatchSizeWithoutWindow && batchingWindowSeconds === 0) {
    throw new Error(
      `BatchSize is ${batchSize}; above ${maxBatchSizeWithoutWindow} Lambda needs a batching window of at least one second`,
    );
  }
}

/**
 * Refuses the settings of provisioned pollers that Lambda refuses. On this machine they have no other effect.
 *
 * @throws Error with the value and what is allowed
 */
export function requirePollerLimits(
  pollers: { readonly MinimumPollers?: number; readonly MaximumPollers?: number } | undefined,
  scaling: { readonly MaximumConcurrency?: number } | undefined,
): void {
  if (pollers === undefined) return;
  const { MinimumPollers = PROVISIONED_POLLERS.min, MaximumPollers = PROVISIONED_POLLERS.maxOfMinimum } =
    pollers;
  requireRange('MinimumPollers', MinimumPollers, PROVISIONED_POLLERS.min, PROVISIONED_POLLERS.maxOfMinimum);
  requireRange('MaximumPollers', MaximumPollers, MinimumPollers, PROVISIONED_POLLERS.max);
  if (scaling?.MaximumConcurrency !== undefined)
    throw new Error('a mapping has a MaximumConcurrency or provisioned pollers, and not both');
}

function requireRange(name: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new Error(`${name} is ${value}; Lambda takes a whole number from ${min} to ${max}`);
}
