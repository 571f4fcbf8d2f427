import { recordKey } from '../../contracts/delivery/replay.ts';
import type { ReceivedDeadLetter } from '../dead-letters/dead-letter.ts';
import type { VisitedQueue } from '../dead-letters/dead-letter-queue.ts';
import type { Hold } from '../dead-letters/hold.ts';
import { hasUnseen, type Look, lookThrough } from '../dead-letters/look-through.ts';
import { deleteAll } from '../dead-letters/send-back.ts';
import type { Deployment } from '../deployment.ts';
import { attempt } from '../problem.ts';
import { queueName } from '../queue-name.ts';
import { noteOperation } from '../trace/operation-note.ts';
import { eraseRecords } from './erase-records.ts';
import { type Erasure, noteOf } from './erasure.ts';
import { type JudgedMessage, judgeMessage, noteUnjudged } from './judge-message.ts';
import { eraseLargeData } from './large-data.ts';

/** What was done with one queue of dead letters. */
export interface ErasedQueue {
  /** Name of the consumer or bridge, `archive` or `later`. */
  readonly owner: string;
  readonly role: VisitedQueue['role'];
  /** Letters of the person, which are deleted. */
  readonly deleted: number;
  /** Null: the look has failed, and `problems` say why. */
  readonly look: Look | null;
}

/** All queues of a deployment in which messages lie that nothing takes from there. */
export function deadLetterQueues({
  consumers,
  bridges,
  archives,
  laters,
}: Pick<Deployment, 'consumers' | 'bridges' | 'archives' | 'laters'>): readonly VisitedQueue[] {
  const both = (
    consumer: VisitedQueue['consumer'],
    urls: { readonly deadLetterQueueUrl: string; readonly undeliveredQueueUrl?: string },
  ): VisitedQueue[] => [
    { role: 'dead-letter queue', url: urls.deadLetterQueueUrl, consumer },
    ...(urls.undeliveredQueueUrl === undefined
      ? []
      : [{ role: 'undelivered queue' as const, url: urls.undeliveredQueueUrl, consumer }]),
  ];
  return [
    ...consumers.flatMap((consumer) => both(consumer, consumer)),
    ...bridges.flatMap(({ label, stackName: ofBridge, deadLetterQueueUrl }) =>
      both({ label, stackName: ofBridge }, { deadLetterQueueUrl }),
    ),
    ...archives.flatMap((archive) => both({ label: 'archive', stackName: archive.bus }, archive)),
    ...laters.flatMap(({ bus, deadLetterQueueUrl, undeliveredQueueUrl }) =>
      deadLetterQueueUrl === undefined
        ? []
        : both(
            { label: 'later', stackName: bus },
            { deadLetterQueueUrl, ...(undeliveredQueueUrl !== undefined && { undeliveredQueueUrl }) },
          ),
    ),
  ];
}

/**
 * Deletes the letters of the person from a queue. Its other letters are hidden from other readers while it is read, because SQS would hand
 * them out again and again, and are visible again when it ends.
 */
export async function eraseDeadLetters(erasure: Erasure, queue: VisitedQueue): Promise<ErasedQueue> {
  const { clients, notes, signal } = erasure;
  let deleted = 0;
  const visit = async (received: readonly ReceivedDeadLetter[], hold: Hold): Promise<'next'> => {
    deleted += await eraseReceived(erasure, queue, { received, hold });
    return 'next';
  };
  // Reasons are not read: whose a letter is, its body says.
  const plain = { ...queue, consumer: { ...queue.consumer, idempotencyTable: undefined } };
  const resource = { resource: queue.role, name: queueName(queue.url) };
  const { value: look, problems } = await attempt(resource, lookThrough(clients, plain, { signal, visit }));
  notes.problems.push(...problems);
  if (look && hasUnseen(look))
    notes.problems.push({
      ...resource,
      missing: false,
      reason: `${look.total - look.seen} of its messages were not handed out`,
    });
  return { owner: queue.consumer.label, role: queue.role, deleted, look };
}

interface Visit {
  readonly received: readonly ReceivedDeadLetter[];
  readonly hold: Hold;
}

async function eraseReceived(
  erasure: Erasure,
  queue: VisitedQueue,
  { received, hold }: Visit,
): Promise<number> {
  const judged = await Promise.all(
    received.map(async (one) => ({ ...one, ...(await judgeMessage(erasure, one.deadLetter.body)) })),
  );
  const where = ({ deadLetter }: ReceivedDeadLetter): string =>
    `${queue.role} of ${queue.consumer.label}, message ${deadLetter.messageId}`;
  for (const one of judged) noteUnjudged(erasure, one, where(one));
  const theirs = judged.filter(({ whose }) => whose === 'theirs');
  for (const { event } of theirs) if (event) await eraseLargeData(erasure, event);
  const undeleted = erasure.dryRun || theirs.length === 0 ? [] : await deleteThem(erasure, queue, theirs);
  for (const { messageId, reason } of undeleted)
    erasure.notes.left.push({
      what: `${queue.role} of ${queue.consumer.label}, message ${messageId}`,
      why: `SQS has not deleted it: ${reason}`,
    });
  const kept = new Set(undeleted.map(({ messageId }) => messageId));
  const deleted = theirs.filter(({ deadLetter }) => !kept.has(deadLetter.messageId));
  if (!erasure.dryRun) hold.forget(deleted.map(({ deadLetter }) => deadLetter.messageId));
  await eraseTheirRecords(erasure, queue, deleted);
  return deleted.length;
}

function deleteThem({ clients }: Erasure, { url }: VisitedQueue, theirs: readonly ReceivedDeadLetter[]) {
  return deleteAll(
    clients.sqs,
    url,
    theirs.map(({ message }) => message),
  );
}

/** Nothing is done any more with an event whose dead letter is deleted, so its record is finished. */
async function eraseTheirRecords(
  erasure: Erasure,
  { role, consumer }: VisitedQueue,
  deleted: readonly (ReceivedDeadLetter & JudgedMessage)[],
): Promise<void> {
  const { idempotencyTable } = consumer;
  if (role === 'dead-letter queue' && idempotencyTable !== undefined) {
    for (const { event, deadLetter } of deleted)
      if (event) erasure.notes.purged.add(noteOf(idempotencyTable, recordKey(event, deadLetter.replay)));
    if (!erasure.dryRun)
      await noteOperation(
        erasure.clients,
        { idempotencyTable },
        deleted.map(({ deadLetter }) => deadLetter),
        'purged',
      );
  }
  const events = deleted.flatMap(({ event }) => event ?? []);
  const replays = deleted.flatMap(({ deadLetter }) => deadLetter.replay ?? []);
  await eraseRecords(erasure, events, replays);
}
