import type { SQSRecord } from 'aws-lambda';
import type { ConsumerDefinition } from '../../contracts/define-consumer.ts';
import { isErased } from '../../contracts/envelope/envelope.ts';
import { toError } from '../../contracts/text/error-reason.ts';
import { conflicts } from '../../publishing/topic/content.ts';
import { NotYetError } from '../errors.ts';
import { knownTypes, readEvent } from '../event/read-event.ts';
import { replayOf } from '../event/read-replay.ts';
import { factsOf } from '../idempotency/facts.ts';
import { type BatchItem, orderedGroupOf, receiveCountOf, type UnreadableMessage } from './batch-item.ts';

/**
 * Reads the events of messages, and separates messages that are unreadable or refused. Messages with the same event become one item; what
 * a replay repeats is an item of its own. An event with other content under the same identity comes again: the record says then which of them counts.
 * So does the same event in another message group: what is behind it there waits too.
 */
export function readRecords(
  records: readonly SQSRecord[],
  definition: Pick<ConsumerDefinition, 'name' | 'listensTo' | 'replay'>,
): { readonly items: readonly BatchItem[]; readonly unreadable: readonly UnreadableMessage[] } {
  const known = knownTypes(definition.listensTo);
  const items = new Map<string | SQSRecord, BatchItem>();
  const unreadable: UnreadableMessage[] = [];
  for (const record of records) {
    try {
      const read = readEvent(record, known);
      const replay = replayOf(record, read.event, definition);
      const facts = factsOf(read.event, read.content, replay);
      const receiveCount = receiveCountOf(record);
      const fresh = { attempt: 1, startedAt: 0, endedAt: 0, claimed: false, finished: false };
      const item = { ...read, ...fresh, replay, facts, receiveCount };
      const same = items.get(facts.id);
      if (!same) items.set(facts.id, { ...item, records: [record] });
      else if (conflicts(read.content, same.content) || isElsewhere(record, same))
        items.set(record, {
          ...item,
          records: [record],
          outcome: { status: 'released', error: cannotBeTold() },
        });
      else
        items.set(facts.id, {
          // Who has the event as a whole beside its erased copy handles the event.
          ...(isErased(same.event) ? item : same),
          replay: replay && same.replay,
          records: [...same.records, record],
          receiveCount: Math.max(same.receiveCount, receiveCount),
        });
    } catch (error) {
      // A message that is unreadable or refused stays so, and it goes to the dead-letter queue with this reason.
      unreadable.push({ record, error: toError(error), finished: false });
    }
  }
  return { items: [...items.values()], unreadable };
}

function isElsewhere(record: SQSRecord, { records: [first] }: BatchItem): boolean {
  return orderedGroupOf(record) !== orderedGroupOf(first);
}

function cannotBeTold(): Error {
  return new NotYetError(
    'another message of the batch has the same source and id; at the next delivery, the record says what becomes of this one',
  );
}
