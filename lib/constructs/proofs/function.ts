import {
  FUNCTION_MEMORY_MEGABYTES,
  MAX_FUNCTION_TIMEOUT_SECONDS,
  MAX_VISIBILITY_SECONDS,
} from '../aws-limits.ts';
import type { Proof } from './prove-consumer.ts';
import { outside } from './range.ts';

/** Half of the receives that SQS counts to: waiting costs some too. */
const MAX_ATTEMPTS = 500;

/** The numbers of the function and of its retries are such that AWS takes them. */
export const proveFunction: Proof = ({ definition }) => {
  const { timeoutSeconds, memoryMegabytes, retry, idempotencyDays } = definition;
  return [
    ...outside('timeoutSeconds', timeoutSeconds, { min: 1, max: MAX_FUNCTION_TIMEOUT_SECONDS }),
    ...outside('memoryMegabytes', memoryMegabytes, FUNCTION_MEMORY_MEGABYTES),
    ...outside('retry.maxAttempts', retry.maxAttempts, { min: 1, max: MAX_ATTEMPTS }),
    // A delay is a visibility timeout: SQS takes no longer one.
    ...outside('retry.maxDelaySeconds', retry.maxDelaySeconds, { min: 0, max: MAX_VISIBILITY_SECONDS }),
    ...outside('retry.firstDelaySeconds', retry.firstDelaySeconds, { min: 0, max: retry.maxDelaySeconds }),
    ...outside('idempotencyDays', idempotencyDays, { min: 1, max: 3_650 }),
  ];
};
