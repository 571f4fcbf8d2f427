import type { SQSRecord } from 'aws-lambda';
import type { ConsumerSetup } from './batch.ts';
import { type Settlement, settleClaimed, settleUnclaimed } from './idempotency/settle.ts';
import type { Tenancy } from './idempotency/tenancy.ts';
import type { Job } from './job.ts';
import { publishOutboxes } from './outbox.ts';

/**
 * Brings a batch to its end: publishes what was emitted, then settles the records.
 *
 * @returns ids of the messages that have to stay in the queue
 */
export async function settleBatch(
  setup: ConsumerSetup,
  tenancy: Tenancy,
  jobs: readonly Job[],
): Promise<string[]> {
  const unpublished = await publishOutboxes(setup.ports, jobs);
  const settlements = jobs.flatMap((job) => settlementOf(job, unpublished.get(job)));
  const settle = setup.definition.effects === 'claim' ? settleClaimed : settleUnclaimed;
  const outcomes = await settle(tenancy, settlements);
  const stays = (job: Job): boolean =>
    unpublished.has(job) || !isOver(job) || (needsSettling(job) && outcomes.get(job.id)?.code !== 'done');
  return jobs.filter(stays).flatMap(({ records }) => records.map(({ messageId }: SQSRecord) => messageId));
}

function isOver({ outcome }: Job): boolean {
  return outcome?.kind !== 'failed' && outcome?.kind !== 'busy';
}

/**
 * Whether a job may only be acknowledged once its record says so. A commit has said it already; an outbox that stays
 * behind after it was published would only be published again, under the same ids.
 */
function needsSettling({ outcome }: Job): boolean {
  return outcome?.kind === 'done' && !outcome.committed;
}

function settlementOf({ id, outcome }: Job, unpublished: Error | undefined): Settlement[] {
  switch (outcome?.kind) {
    case 'done':
      if (!outcome.committed) {
        return [unpublished ? { id, as: 'failed', error: unpublished } : { id, as: 'completed' }];
      }
      return outcome.outbox.length > 0 && !unpublished ? [{ id, as: 'published' }] : [];
    case 'unpublished':
      return unpublished ? [] : [{ id, as: 'published' }];
    case 'failed':
      return outcome.recorded ? [{ id, as: 'failed', error: outcome.error }] : [];
    case 'dead':
      return [{ id, as: 'failed', error: outcome.error }];
    default:
      return [];
  }
}
