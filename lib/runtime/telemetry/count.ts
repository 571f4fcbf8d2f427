import type { Job } from '../job.ts';
import type { BatchReport } from './telemetry.ts';

/** What became of the messages of a batch: `received` is the sum of processed, duplicates, retried and deadLettered. */
export interface Counts {
  readonly received: number;
  readonly processed: number;
  readonly duplicates: number;
  /** Given back to the queue to be delivered again. */
  readonly retried: number;
  readonly deadLettered: number;
  /** Whose event failed now, whatever is made of it. */
  readonly failed: number;
}

/** Counts messages, not events: an event that a batch carries twice is one processed and one duplicate. */
export function countMessages({ jobs, poisons, returned }: BatchReport): Counts {
  const messages = [
    ...jobs.flatMap((job) =>
      job.records.map(({ messageId }, index) => ({ messageId, fate: fateOf(job, index) })),
    ),
    ...poisons.map(({ record }) => ({ messageId: record.messageId, fate: 'deadLettered' as const })),
  ].map(({ messageId, fate }) => (returned.has(messageId) ? 'retried' : fate));
  const count = (wanted: (typeof messages)[number]): number =>
    messages.filter((fate) => fate === wanted).length;
  return {
    received: messages.length,
    processed: count('processed'),
    duplicates: count('duplicates'),
    retried: count('retried'),
    deadLettered: count('deadLettered'),
    failed:
      poisons.length +
      jobs.filter(({ outcome }) => outcome?.kind === 'failed' || outcome?.kind === 'dead').length,
  };
}

function fateOf({ outcome }: Job, index: number): 'processed' | 'duplicates' | 'retried' | 'deadLettered' {
  if (outcome?.kind === 'dead') return 'deadLettered';
  if (outcome?.kind === 'done') return index === 0 ? 'processed' : 'duplicates';
  return outcome?.kind === 'duplicate' || outcome?.kind === 'unpublished' ? 'duplicates' : 'retried';
}
