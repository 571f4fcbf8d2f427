import type { ConsumerDefinition } from '../../contracts/define-consumer.ts';
import {
  FUNCTION_MEMORY_MEGABYTES,
  LOG_RETENTION_DAYS,
  MAX_FUNCTION_TIMEOUT_SECONDS,
  MAX_VISIBILITY_SECONDS,
} from '../aws-limits.ts';
import { outside } from './range.ts';
import type { Validation } from './rule.ts';

/** Half of the largest receive count of SQS: waiting uses some receives too. */
const MAX_ATTEMPTS = 500;

/** The numbers of the function and of its retries are such that AWS takes them. */
export const validateFunction: Validation = ({ definition }) => {
  const { timeoutSeconds, memoryMegabytes, retry, idempotencyDays } = definition;
  return [
    ...outside('timeoutSeconds', timeoutSeconds, { min: 1, max: MAX_FUNCTION_TIMEOUT_SECONDS }),
    ...outside('memoryMegabytes', memoryMegabytes, FUNCTION_MEMORY_MEGABYTES),
    ...outside('retry.maxAttempts', retry.maxAttempts, { min: 1, max: MAX_ATTEMPTS }),
    // A delay is a visibility timeout: SQS takes no longer one.
    ...outside('retry.maxDelaySeconds', retry.maxDelaySeconds, { min: 0, max: MAX_VISIBILITY_SECONDS }),
    ...outside('retry.firstDelaySeconds', retry.firstDelaySeconds, { min: 0, max: retry.maxDelaySeconds }),
    ...outside('idempotencyDays', idempotencyDays, { min: 1, max: 3_650 }),
    ...reservedFinding(definition),
    ...retentionFinding(definition),
  ];
};

/** @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html */
function reservedFinding({ reservedConcurrency, maxConcurrency }: ConsumerDefinition): readonly string[] {
  if (reservedConcurrency === undefined) return [];
  if (Number.isInteger(reservedConcurrency) && reservedConcurrency >= maxConcurrency) return [];
  return [
    `reservedConcurrency is ${reservedConcurrency}; set it to ${maxConcurrency} or more, for as many invocations may poll its queue (maxConcurrency, or 10 for each of provisionedPollers.max)`,
  ];
}

function retentionFinding({ logRetentionDays }: ConsumerDefinition): readonly string[] {
  if (logRetentionDays === undefined || LOG_RETENTION_DAYS.includes(logRetentionDays)) return [];
  return [
    `logRetentionDays is ${logRetentionDays}; CloudWatch takes one of ${LOG_RETENTION_DAYS.join(', ')}`,
  ];
}
