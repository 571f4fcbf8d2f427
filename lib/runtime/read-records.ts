import type { SQSRecord } from 'aws-lambda';
import type { EventContract } from '../contracts/define-event.ts';
import { toError } from './error-reason.ts';
import { factsOf } from './idempotency/facts.ts';
import { type Job, type Poison, receiveCountOf } from './job.ts';
import { knownTypes, readEvent } from './read-event.ts';

/** Sorts messages into events and poison; messages that carry the same event become one job. */
export function readRecords(
  records: readonly SQSRecord[],
  contracts: readonly EventContract[],
): { readonly jobs: readonly Job[]; readonly poisons: readonly Poison[] } {
  const known = knownTypes(contracts);
  const jobs = new Map<string, Job>();
  const poisons: Poison[] = [];
  for (const record of records) {
    try {
      const read = readEvent(record, known);
      const facts = factsOf(read.event);
      const receiveCount = receiveCountOf(record);
      const same = jobs.get(facts.id);
      jobs.set(
        facts.id,
        same
          ? {
              ...same,
              records: [...same.records, record],
              receiveCount: Math.max(same.receiveCount, receiveCount),
            }
          : { ...read, facts, records: [record], receiveCount, attempt: 1, claimed: false, finished: false },
      );
    } catch (error) {
      // Whatever makes a message unreadable does so every time: it goes to the dead-letter queue with this reason.
      poisons.push({ record, error: toError(error), finished: false });
    }
  }
  return { jobs: [...jobs.values()], poisons };
}
