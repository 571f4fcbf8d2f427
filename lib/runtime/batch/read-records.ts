import type { SQSRecord } from 'aws-lambda';
import type { EventContract } from '../../contracts/define-event.ts';
import { isErased } from '../../contracts/envelope/envelope.ts';
import { toError } from '../../contracts/text/error-reason.ts';
import { conflicts } from '../../publishing/topic/content.ts';
import { knownTypes, readEvent } from '../event/read-event.ts';
import { conflict } from '../handling/repetition.ts';
import { factsOf } from '../idempotency/facts.ts';
import { type BatchItem, receiveCountOf, type UnreadableMessage } from './batch-item.ts';

/**
 * Reads the events of messages, and separates unreadable messages. Messages with the same event become one item. An event with other
 * content under the same identity is dead.
 */
export function readRecords(
  records: readonly SQSRecord[],
  contracts: readonly EventContract[],
): { readonly items: readonly BatchItem[]; readonly unreadable: readonly UnreadableMessage[] } {
  const known = knownTypes(contracts);
  const items = new Map<string, BatchItem>();
  const conflicting: BatchItem[] = [];
  const unreadable: UnreadableMessage[] = [];
  for (const record of records) {
    try {
      const read = readEvent(record, known);
      const facts = factsOf(read.event, read.content);
      const receiveCount = receiveCountOf(record);
      const fresh = { attempt: 1, startedAt: 0, endedAt: 0, claimed: false, finished: false };
      const item = { ...read, ...fresh, facts, receiveCount };
      const same = items.get(facts.id);
      if (!same) items.set(facts.id, { ...item, records: [record] });
      else if (conflicts(read.content, same.content))
        conflicting.push({ ...item, records: [record], outcome: conflict(read.content, same.content) });
      else
        items.set(facts.id, {
          // Who has the event as a whole beside its erased copy handles the event.
          ...(isErased(same.event) ? item : same),
          records: [...same.records, record],
          receiveCount: Math.max(same.receiveCount, receiveCount),
        });
    } catch (error) {
      // An unreadable message stays unreadable, so it goes to the dead-letter queue with this reason.
      unreadable.push({ record, error: toError(error), finished: false });
    }
  }
  return { items: [...items.values(), ...conflicting], unreadable };
}
