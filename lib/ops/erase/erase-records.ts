import { UpdateItemCommand, type UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import { type Envelope, identityOf } from '../../contracts/envelope/envelope.ts';
import { getItemsAsFarAsPossible, type Item } from '../get-items.ts';
import { type Erasure, recordKey } from './erasure.ts';

/** Keys that one request reads. @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
const MAX_KEYS = 100;
/** What may tell of a person: texts of errors, emitted events, and hashes of data, which can be guessed. */
const PERSONAL = ['attemptNotes', 'digest', 'emitted', 'outbox'] as const;
const ERASED = 'erased';

/**
 * Removes what is personal from the records that consumers have of events. A record that is not finished stays as it is, because the runtime
 * needs it: it is noted.
 */
export async function eraseRecords(erasure: Erasure, events: readonly Envelope[]): Promise<void> {
  const { clients, consumers, notes } = erasure;
  const identities = [...new Set(events.map(identityOf))];
  for (let start = 0; start < identities.length; start += MAX_KEYS) {
    const keys = identities.slice(start, start + MAX_KEYS);
    for (const { idempotencyTable: table, label } of consumers) {
      const found = await getItemsAsFarAsPossible(clients.dynamodb, [table], keys, (problem) => {
        if (!notes.problems.some(({ name }) => name === problem.name)) notes.problems.push(problem);
      });
      for (const item of found.get(table) ?? []) await eraseRecord(erasure, { table, label, item });
    }
  }
}

interface Found {
  readonly table: string;
  readonly label: string;
  readonly item: Item;
}

async function eraseRecord(erasure: Erasure, found: Found): Promise<void> {
  const { clients, dryRun, notes } = erasure;
  const { item, label, table } = found;
  const key = recordKey(table, item.id?.S ?? '');
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
