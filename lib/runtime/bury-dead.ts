import type { ConsumerSetup } from './batch.ts';
import { type DeadLetter, sendDeadLetters } from './dead-letter.ts';
import type { Job, Poison } from './job.ts';

/**
 * Sends dead events, whose records say so already, and unreadable messages to the dead-letter queue. An event that does
 * not get there has failed only, and comes again.
 *
 * @param until epoch milliseconds at which the last request has to end
 * @returns the messages that did not get there, and why
 */
export async function buryDead(
  { ports, deadLetterQueueUrl }: ConsumerSetup,
  {
    jobs,
    poisons,
    until,
  }: { readonly jobs: readonly Job[]; readonly poisons: readonly Poison[]; readonly until: number },
): Promise<ReadonlyMap<string, string>> {
  const dead = jobs.flatMap((job) => deadLettersOf(job).map((letter) => ({ job, letter })));
  const refused = await sendDeadLetters(ports, { queueUrl: deadLetterQueueUrl, until }, [
    ...dead.map(({ letter }) => letter),
    ...poisons,
  ]);
  for (const { job, letter } of dead) {
    if (!refused.has(letter.record.messageId)) continue;
    job.outcome = { kind: 'failed', error: letter.error, recorded: true, digests: [] };
  }
  return refused;
}

function deadLettersOf({ records, outcome, attempt }: Job): DeadLetter[] {
  if (outcome?.kind !== 'dead') return [];
  return records.map((record) => ({ record, error: outcome.error, attempts: attempt }));
}
