import { backoffMilliseconds } from '../../aws/backoff.ts';
import type { RetryPolicy } from '../../contracts/define-consumer.ts';
import { waitingPauseSeconds } from '../../contracts/delivery/retry-window.ts';
import type { Ports } from '../dependencies.ts';
import { BreakerOpenError, GroupBlockedError } from '../errors.ts';
import { type BatchItem, comesAgain } from './batch-item.ts';
import type { Redelivery } from './redelivery.ts';

/**
 * A message can stay invisible for at most 12 hours (43,200 s) after its receipt. Some of that time has already passed.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
 */
const MAX_DELAY_SECONDS = 42_000;
/**
 * While Lambda refuses to stop polling, an open breaker hands everything back again and again. With this pause the 1,000 receives that SQS allows
 * last for eight days, longer than the queue keeps a message.
 */
const SECONDS_PER_RECEIVE = 2;
const MAX_BREAKER_DELAY_SECONDS = 900;
const MS_PER_SECOND = 1_000;

interface RedeliveryContext {
  readonly retry: RetryPolicy;
  readonly ports: Pick<Ports, 'clock' | 'random'>;
}

/** The redeliveries of an item's messages; none when the messages do not stay in the queue. */
export function redeliveryOf(item: BatchItem, context: RedeliveryContext): Redelivery[] {
  if (!comesAgain(item)) return [];
  const seconds = Math.ceil(delayMilliseconds(item, context) / MS_PER_SECOND);
  const delaySeconds = Math.min(MAX_DELAY_SECONDS, Math.max(0, seconds));
  return item.records.map(({ receiptHandle }) => ({ receiptHandle, delaySeconds }));
}

/**
 * How long to wait before the redelivery:
 *
 * - failed: a backoff that grows with the attempts
 * - released: a backoff that grows with the receive count, with a lower limit; waiting counts no attempt
 * - released because the breaker is open: so that the next probe finds it; longer for one that a batch has released often
 * - released because its message group is blocked: no delay, because SQS delivers nothing of the group before its first message
 * - leased: most likely a duplicate of an event that will be done soon, so first a short delay, then until the lease is over
 */
function delayMilliseconds(
  { outcome, attempt, receiveCount }: BatchItem,
  { retry, ports }: RedeliveryContext,
): number {
  const backoff = (count: number, longestSeconds: number): number =>
    backoffMilliseconds(count, {
      first: retry.firstDelaySeconds * MS_PER_SECOND,
      longest: longestSeconds * MS_PER_SECOND,
      random: ports.random,
    });
  const wait = backoff(receiveCount, waitingPauseSeconds(retry));
  switch (outcome?.status) {
    case 'leased': {
      const lease = outcome.untilMs - ports.clock.now() + MS_PER_SECOND;
      return receiveCount === 1 ? Math.min(wait, lease) : lease;
    }
    case 'released':
      if (outcome.error instanceof BreakerOpenError)
        return breakerDelaySeconds(outcome.error, receiveCount) * MS_PER_SECOND;
      return outcome.error instanceof GroupBlockedError ? 0 : wait;
    case 'failed':
      return outcome.recorded ? backoff(attempt, retry.maxDelaySeconds) : wait;
    case 'completed':
    case 'committed':
    case 'duplicate':
    case 'erased':
    case 'deadLettered':
    case undefined:
      return wait;
    default:
      return outcome satisfies never;
  }
}

function breakerDelaySeconds({ delaySeconds, grows }: BreakerOpenError, receiveCount: number): number {
  if (!grows) return delaySeconds;
  return Math.max(delaySeconds, Math.min(MAX_BREAKER_DELAY_SECONDS, receiveCount * SECONDS_PER_RECEIVE));
}
