import type { BatchItem, UnreadableMessage } from './batch-item.ts';
import type { ConsumerSetup } from './consumer-setup.ts';
import { type DeadLetter, sendDeadLetters } from './dead-letter.ts';

/**
 * Sends dead events and unreadable messages to the dead-letter queue. The records already say that the events are dead. If an event
 * cannot be sent, its outcome becomes `failed`, and it is delivered again.
 *
 * @param until epoch milliseconds at which the last request has to end
 * @returns messages that could not be sent: message id and reason
 */
export async function sendToDeadLetterQueue(
  { ports, deadLetterQueueUrl }: ConsumerSetup,
  {
    items,
    unreadable,
    until,
  }: {
    readonly items: readonly BatchItem[];
    readonly unreadable: readonly UnreadableMessage[];
    readonly until: number;
  },
): Promise<ReadonlyMap<string, string>> {
  const dead = items.flatMap((item) => deadLettersOf(item).map((deadLetter) => ({ item, deadLetter })));
  const refused = await sendDeadLetters(ports, { queueUrl: deadLetterQueueUrl, until }, [
    ...dead.map(({ deadLetter }) => deadLetter),
    ...unreadable,
  ]);
  for (const { item, deadLetter } of dead) {
    if (!refused.has(deadLetter.record.messageId)) continue;
    // There is no new failure to record, and no attempt to come: only the pauses grow.
    item.outcome = { status: 'failed', error: deadLetter.error, recorded: false, digests: [] };
  }
  return refused;
}

function deadLettersOf({ records, outcome, attempt }: BatchItem): DeadLetter[] {
  if (outcome?.status !== 'deadLettered') return [];
  return records.map((record) => ({ record, error: outcome.error, attempts: attempt }));
}
