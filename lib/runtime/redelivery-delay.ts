import type { RetryPolicy } from '../contracts/define-consumer.ts';
import { backoffMilliseconds } from './backoff.ts';
import type { Job } from './job.ts';
import type { Ports } from './ports.ts';
import type { Redelivery } from './redelivery.ts';

/** A message may stay invisible for 12 hours from its receipt; some minutes of them may be gone. */
const MAX_DELAY_SECONDS = 42_000;

/** When the messages of a job that stays in the queue should come again: a failed one after a backoff, a busy one when its lease is over. */
export function redeliveryOf(
  { outcome, records, attempt }: Job,
  batch: { readonly returned: ReadonlySet<string>; readonly retry: RetryPolicy; readonly ports: Ports },
): Redelivery[] {
  const { returned, retry, ports } = batch;
  const seconds =
    outcome?.kind === 'busy'
      ? (outcome.untilMs - ports.clock.now()) / 1000 + 1
      : backoffMilliseconds(attempt, {
          first: retry.firstDelaySeconds * 1000,
          longest: retry.maxDelaySeconds * 1000,
          random: ports.random,
        }) / 1000;
  const delaySeconds = Math.min(MAX_DELAY_SECONDS, Math.max(0, Math.ceil(seconds)));
  return records
    .filter(({ messageId }) => returned.has(messageId))
    .map(({ receiptHandle }) => ({ receiptHandle, delaySeconds }));
}
