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
  const { unpublished, emitted } = await publishOutboxes(setup.ports, jobs);
  const settlements = jobs.flatMap((job) =>
    settlementOf(job, { unpublished: unpublished.get(job), emitted: emitted.get(job) ?? [] }),
  );
  const settle = setup.definition.effects === 'claim' ? settleClaimed : settleUnclaimed;
  const outcomes = await settle(tenancy, settlements);
  const isSettled = ({ facts }: Job): boolean => outcomes.get(facts.id)?.code === 'done';
  const stays = (job: Job): boolean =>
    unpublished.has(job) || !isOver(job) || (needsSettling(job) && !isSettled(job));
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

function settlementOf(
  { facts, outcome }: Job,
  { unpublished, emitted }: { readonly unpublished: Error | undefined; readonly emitted: readonly string[] },
): Settlement[] {
  switch (outcome?.kind) {
    case 'done':
      if (!outcome.committed) {
        return [
          unpublished ? { facts, as: 'failed', error: unpublished } : { facts, as: 'completed', emitted },
        ];
      }
      return outcome.outbox.length > 0 && !unpublished ? [{ facts, as: 'published', emitted }] : [];
    case 'unpublished':
      return unpublished ? [] : [{ facts, as: 'published', emitted }];
    case 'failed':
      return outcome.recorded ? [{ facts, as: 'failed', error: outcome.error }] : [];
    case 'dead':
      return [{ facts, as: 'failed', error: outcome.error }];
    default:
      return [];
  }
}
