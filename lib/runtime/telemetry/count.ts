import type { BatchItem } from '../batch/batch-item.ts';
import type { BatchReport } from './telemetry.ts';

/** Counts of the messages of a batch. `received` is the sum of completed, duplicates, erased, retried and deadLettered. */
export interface Counts {
  readonly received: number;
  readonly completed: number;
  readonly duplicates: number;
  /** Messages whose data was erased, and which no handler got. */
  readonly erased: number;
  /** Messages that stay in the queue, to be delivered again. */
  readonly retried: number;
  readonly deadLettered: number;
  /** Failures in this batch, whether the event is retried or dead. */
  readonly failed: number;
}

/** Counts messages, not events: an event with two messages in the batch counts as one completed and one duplicate. */
export function countMessages({ items, unreadable, returned }: BatchReport): Counts {
  const messages = [
    ...items.flatMap((item) =>
      item.records.map(({ messageId }, index) => ({ messageId, result: resultOf(item, index) })),
    ),
    ...unreadable.map(({ record }) => ({ messageId: record.messageId, result: 'deadLettered' as const })),
  ].map(({ messageId, result }) => (returned.has(messageId) ? 'retried' : result));
  const count = (wanted: (typeof messages)[number]): number =>
    messages.filter((result) => result === wanted).length;
  return {
    received: messages.length,
    completed: count('completed'),
    duplicates: count('duplicates'),
    erased: count('erased'),
    retried: count('retried'),
    deadLettered: count('deadLettered'),
    failed:
      unreadable.length +
      items.filter(({ outcome }) => outcome?.status === 'failed' || outcome?.status === 'deadLettered')
        .length,
  };
}

function resultOf(
  { outcome }: BatchItem,
  index: number,
): 'completed' | 'duplicates' | 'erased' | 'retried' | 'deadLettered' {
  if (outcome?.status === 'deadLettered' || outcome?.status === 'erased') return outcome.status;
  if (outcome?.status === 'completed') return index === 0 ? 'completed' : 'duplicates';
  return outcome?.status === 'duplicate' || outcome?.status === 'committed' ? 'duplicates' : 'retried';
}
