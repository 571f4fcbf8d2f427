import type { RetryPolicy } from '../contracts/define-consumer.ts';
import { waitingPauseSeconds } from '../contracts/patience.ts';
import { backoffMilliseconds } from './backoff.ts';
import { GroupBlocked } from './failures.ts';
import { comesAgain, type Job } from './job.ts';
import type { Ports } from './ports.ts';
import type { Redelivery } from './redelivery.ts';

/** A message may stay invisible for 12 hours from its receipt; some minutes of them may be gone. */
const MAX_DELAY_SECONDS = 42_000;
const MS_PER_SECOND = 1_000;

interface RedeliveryContext {
  readonly retry: RetryPolicy;
  readonly ports: Pick<Ports, 'clock' | 'random'>;
}

/** When the messages of a job that stays in the queue should come again. */
export function redeliveryOf(job: Job, context: RedeliveryContext): Redelivery[] {
  if (!comesAgain(job)) return [];
  const seconds = Math.ceil(delayMilliseconds(job, context) / MS_PER_SECOND);
  const delaySeconds = Math.min(MAX_DELAY_SECONDS, Math.max(0, seconds));
  return job.records.map(({ receiptHandle }) => ({ receiptHandle, delaySeconds }));
}

/**
 * A failed event comes after a backoff that grows with its attempts. One that waits costs no attempt, and comes after a
 * backoff that grows with its deliveries, but not as far. One whose message group is blocked comes at once: SQS hands
 * out nothing of the group before its head. One that another invocation holds is most likely a duplicate of something
 * that is done in a moment: it comes soon, and if that was too soon, when the other's lease is over.
 */
function delayMilliseconds(
  { outcome, attempt, receiveCount }: Job,
  { retry, ports }: RedeliveryContext,
): number {
  const backoff = (count: number, longestSeconds: number): number =>
    backoffMilliseconds(count, {
      first: retry.firstDelaySeconds * MS_PER_SECOND,
      longest: longestSeconds * MS_PER_SECOND,
      random: ports.random,
    });
  const wait = backoff(receiveCount, waitingPauseSeconds(retry));
  switch (outcome?.kind) {
    case 'busy': {
      const lease = outcome.untilMs - ports.clock.now() + MS_PER_SECOND;
      return receiveCount === 1 ? Math.min(wait, lease) : lease;
    }
    case 'waiting':
      return outcome.error instanceof GroupBlocked ? 0 : wait;
    case 'failed':
      return outcome.recorded ? backoff(attempt, retry.maxDelaySeconds) : wait;
    default:
      return wait;
  }
}
