import { MAX_VISIBILITY_SECONDS, VISIBILITY_PER_FUNCTION_TIMEOUT } from '../aws-limits.ts';
import type { Validation } from './rule.ts';

/**
 * A message stays invisible long enough for Lambda to try its batch again when it is throttled.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-queueconfig
 */
export const validateVisibility: Validation = ({ definition, visibilitySeconds }) => {
  const { timeoutSeconds, batchingWindowSeconds } = definition;
  const needed = VISIBILITY_PER_FUNCTION_TIMEOUT * timeoutSeconds + batchingWindowSeconds;
  const findings: string[] = [];
  if (visibilitySeconds < needed) {
    findings.push(
      `its visibility timeout of ${visibilitySeconds} s is under ${VISIBILITY_PER_FUNCTION_TIMEOUT} x timeoutSeconds ` +
        `(${timeoutSeconds}) + batchingWindowSeconds (${batchingWindowSeconds}) = ${needed} s; raise it to that`,
    );
  }
  if (visibilitySeconds > MAX_VISIBILITY_SECONDS) {
    findings.push(
      `its visibility timeout of ${visibilitySeconds} s is over the ${MAX_VISIBILITY_SECONDS} s that SQS takes; lower timeoutSeconds (${timeoutSeconds})`,
    );
  }
  return findings;
};
