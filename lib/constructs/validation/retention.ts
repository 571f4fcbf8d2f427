import { retryWindowOf } from '../../contracts/delivery/retry-window.ts';
import type { Validation } from './rule.ts';

/**
 * No message expires while it is being retried, none expires on its way into the dead-letter queue (where it keeps
 * the age that it had), and its record outlives it, so that a redriven message is still known.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/setting-up-dead-letter-queue-retention.html
 */
export const validateRetention: Validation = (plan) => {
  const {
    queueRetentionSeconds: queue,
    deadLetterRetentionSeconds: dead,
    idempotencySeconds: remembered,
  } = plan;
  const retries = retryWindowOf({ ...plan.definition, ...plan }).deadLetterSeconds;
  const findings: string[] = [];
  if (queue <= retries) {
    findings.push(
      `its queue keeps messages for ${queue} s, but its retries can take ${retries} s; lower retry.maxAttempts or retry.maxDelaySeconds`,
    );
  }
  if (dead <= queue) {
    findings.push(
      `its dead-letter queue keeps messages for ${dead} s, its queue for ${queue} s; the first must be longer`,
    );
  }
  if (remembered < queue + dead) {
    findings.push(
      `it remembers events for ${remembered} s, but a message can live for ${queue + dead} s in its queues; raise idempotencyDays to ${Math.ceil((queue + dead) / 86_400)}`,
    );
  }
  return findings;
};
