import type { RetryPolicy } from '../contracts/define-consumer.ts';
import { backoffMilliseconds } from './backoff.ts';
import type { Job } from './job.ts';
import type { Ports } from './ports.ts';
import type { Redelivery } from './redelivery.ts';

/** A message may stay invisible for 12 hours from its receipt; some minutes of them may be gone. */
const MAX_DELAY_SECONDS = 42_000;
const MS_PER_SECOND = 1_000;

interface RedeliveryContext {
  readonly returned: ReadonlySet<string>;
  readonly retry: RetryPolicy;
  readonly ports: Pick<Ports, 'clock' | 'random'>;
}

/**
 * When the messages of a job that stays in the queue should come again. A failed one comes after a backoff. One that
 * another invocation is at is most likely a duplicate of something that is done in a moment: it comes soon, and if
 * that was too soon, when the other's lease is over. So waiting costs two receives at most, and no success is
 * followed by a dead letter.
 */
export function redeliveryOf({ outcome, records, attempt }: Job, batch: RedeliveryContext): Redelivery[] {
  const { returned, retry, ports } = batch;
  const backoff = backoffMilliseconds(attempt, {
    first: retry.firstDelaySeconds * MS_PER_SECOND,
    longest: retry.maxDelaySeconds * MS_PER_SECOND,
    random: ports.random,
  });
  const lease = outcome?.kind === 'busy' ? outcome.untilMs - ports.clock.now() + MS_PER_SECOND : undefined;
  const milliseconds = lease === undefined || attempt === 1 ? Math.min(backoff, lease ?? backoff) : lease;
  const delaySeconds = Math.min(MAX_DELAY_SECONDS, Math.max(0, Math.ceil(milliseconds / MS_PER_SECOND)));
  return records
    .filter(({ messageId }) => returned.has(messageId))
    .map(({ receiptHandle }) => ({ receiptHandle, delaySeconds }));
}
