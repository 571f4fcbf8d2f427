import { UpdateItemCommand, type UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import { type Replay, recordKey } from '../../contracts/delivery/replay.ts';
import type { Envelope } from '../../contracts/envelope/envelope.ts';
import type { DeployedConsumer } from '../deployed-consumer.ts';
import { getItemsAsFarAsPossible, type Item } from '../get-items.ts';
import { type Erasure, noteOf } from './erasure.ts';

/** Keys that one request reads. @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const MAX_KEYS = 100;
/** What may tell of a person: texts of errors, emitted events, and hashes of data, which can be guessed. */
const PERSONAL = ['attemptNotes', 'digest', 'emitted', 'outbox'] as const;
const ERASED = 'erased';

/**
 * Removes what is personal from the records that consumers have of events. A record that is not finished stays as it is, because the runtime
 * needs it: it is noted. An event has a record more for each replay that has repeated its effects.
 *
 * @param replays of the messages of these events; those that the tables of replays know are looked for in any case
 */
export async function eraseRecords(
  erasure: Erasure,
  events: readonly Envelope[],
  replays: readonly Replay[] = [],
): Promise<void> {
  const { clients, consumers, notes } = erasure;
  for (const consumer of consumers) {
    const { idempotencyTable: table, label } = consumer;
    const all = keysOf(events, [...repeatingTo(erasure, consumer), ...replays]);
    for (let start = 0; start < all.length; start += MAX_KEYS) {
      const keys = all.slice(start, start + MAX_KEYS);
      const found = await getItemsAsFarAsPossible(clients.dynamodb, [table], keys, (problem) => {
        if (!notes.problems.some(({ name }) => name === problem.name)) notes.problems.push(problem);
      });
      for (const item of found.get(table) ?? []) await eraseRecord(erasure, { table, label, item });
    }
  }
}

function keysOf(events: readonly Envelope[], replays: readonly Replay[]): readonly string[] {
  const each = [undefined, ...replays];
  return [...new Set(events.flatMap((event) => each.map((replay) => recordKey(event, replay))))];
}

/** The replays that have repeated effects of a consumer. Its label may have changed since, and its queue is the same. */
function repeatingTo({ replays }: Erasure, { queueUrl }: DeployedConsumer): readonly Replay[] {
  const states = replays.map(({ state }) => state);
  return states.filter((state) => state.mode === 'again' && state.queueUrl === queueUrl);
}

interface Found {
  readonly table: string;
  readonly label: string;
  readonly item: Item;
}

async function eraseRecord(erasure: Erasure, found: Found): Promise<void> {
  const { clients, dryRun, notes } = erasure;
  const { item, label, table } = found;
  const key = noteOf(table, item.id?.S ?? '');
  const what = `record of ${label} for ${item.id?.S}`;
  if (!isFinished(item) && !notes.purged.has(key)) {
    const why =
      item.status?.S === 'COMMITTED' ? 'holds events that are not published yet' : 'is not finished';
    if (!notes.left.some((one) => one.what === what))
      notes.left.push({ what, why: `it ${why}; run the command again later` });
    return;
  }
  const change = changeOf(erasure, found);
  if (!change) return;
  try {
    if (!dryRun) await clients.dynamodb.send(new UpdateItemCommand(change));
    notes.records.add(key);
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ConditionalCheckFailedException')) throw error;
    // Its event has begun again since it was read.
    notes.left.push({ what, why: 'it has changed meanwhile; run the command again' });
  }
}

/** Whether nothing is done with the event any more: it is done, or its dead letter was deleted or waits to be. */
function isFinished({ status, dead, operation }: Item): boolean {
  const isDone = status?.S?.startsWith('COMPLETED') ?? false;
  return (
    isDone || (status?.S === 'FAILED' && dead?.BOOL === true) || Boolean(operation?.S?.startsWith('purged'))
  );
}

/** The update that removes what is personal; undefined when nothing is. */
function changeOf({ subjects }: Erasure, { table, item }: Found): UpdateItemCommandInput | undefined {
  const links = (['correlationId', 'causationId'] as const).filter((name) =>
    subjects.isNamedIn(item[name]?.S ?? ''),
  );
  const removed = [...PERSONAL, ...links].filter((name) => item[name] !== undefined);
  const message = item.error?.M?.message?.S;
  const rewrites = message !== undefined && message !== ERASED;
  if (removed.length === 0 && !rewrites) return undefined;
  const clauses = [
    ...(rewrites ? ['SET #error.#message = :erased'] : []),
    ...(removed.length > 0 ? [`REMOVE ${removed.map((name) => `#${name}`).join(', ')}`] : []),
  ];
  return {
    TableName: table,
    Key: { id: item.id ?? { S: '' } },
    UpdateExpression: clauses.join(' '),
    ConditionExpression: '#status = :status',
    ExpressionAttributeNames: {
      '#status': 'status',
      ...(rewrites && { '#error': 'error', '#message': 'message' }),
      ...Object.fromEntries(removed.map((name) => [`#${name}`, name])),
    },
    ExpressionAttributeValues: {
      ':status': item.status ?? { S: '' },
      ...(rewrites && { ':erased': { S: ERASED } }),
    },
  };
}
