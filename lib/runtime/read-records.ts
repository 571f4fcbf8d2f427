import type { SQSRecord } from 'aws-lambda';
import type { EventContract } from '../contracts/define-event.ts';
import { toError } from './error-reason.ts';
import { conflicts } from './idempotency/content.ts';
import { factsOf } from './idempotency/facts.ts';
import { type Job, type Poison, receiveCountOf } from './job.ts';
import { knownTypes, readEvent } from './read-event.ts';
import { conflict } from './repetition.ts';

/**
 * Sorts messages into events and poison. Messages that carry the same event become one job; one that carries another event under the same
 * identity is dead.
 */
export function readRecords(
  records: readonly SQSRecord[],
  contracts: readonly EventContract[],
): { readonly jobs: readonly Job[]; readonly poisons: readonly Poison[] } {
  const known = knownTypes(contracts);
  const jobs = new Map<string, Job>();
  const conflicting: Job[] = [];
  const poisons: Poison[] = [];
  for (const record of records) {
    try {
      const read = readEvent(record, known);
      const facts = factsOf(read.event, read.content);
      const receiveCount = receiveCountOf(record);
      const job = { ...read, facts, receiveCount, attempt: 1, claimed: false, finished: false };
      const same = jobs.get(facts.id);
      if (!same) jobs.set(facts.id, { ...job, records: [record] });
      else if (conflicts(read.content, same.content))
        conflicting.push({ ...job, records: [record], outcome: conflict(read.content, same.content) });
      else
        jobs.set(facts.id, {
          ...same,
          records: [...same.records, record],
          receiveCount: Math.max(same.receiveCount, receiveCount),
        });
    } catch (error) {
      // Whatever makes a message unreadable does so every time: it goes to the dead-letter queue with this reason.
      poisons.push({ record, error: toError(error), finished: false });
    }
  }
  return { jobs: [...jobs.values(), ...conflicting], poisons };
}
