import { fittingBatchSize, longestWaitSeconds, WAITING_SHARE } from '../../contracts/delivery/rate-limit.ts';
import { MAX_FUNCTION_TIMEOUT_SECONDS } from '../aws-limits.ts';
import type { Validation } from './rule.ts';

/**
 * An event gets its slot while its invocation still has time to handle it, even when all instances have full batches: so waiting for the
 * rate limit never costs an attempt.
 */
export const validateRateLimit: Validation = ({ definition }) => {
  const { rateLimit, batchSize, maxConcurrency, timeoutSeconds } = definition;
  if (!rateLimit) return [];
  const wait = longestWaitSeconds({ rateLimit, batchSize, maxConcurrency });
  if (wait <= timeoutSeconds * WAITING_SHARE) return [];
  const fitting = fittingBatchSize(rateLimit, definition);
  const needed = Math.ceil(wait / WAITING_SHARE);
  const remedies = [
    fitting >= 1 ? `lower batchSize to ${fitting}` : 'lower maxConcurrency',
    ...(needed <= MAX_FUNCTION_TIMEOUT_SECONDS ? [`raise timeoutSeconds to ${needed}`] : []),
  ];
  return [
    `at rateLimit.perSecond ${rateLimit.perSecond} the last of maxConcurrency (${maxConcurrency}) x batchSize (${batchSize}) ` +
      `events waits ${Math.ceil(wait)} s for its slot, over half of timeoutSeconds (${timeoutSeconds}); ${remedies.join(' or ')}`,
  ];
};
