import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AttributeValue,
  BatchGetItemCommand,
  type BatchGetItemCommandInput,
  type BatchGetItemCommandOutput,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { attempt, type Problem } from './problem.ts';

export type Item = Readonly<Record<string, AttributeValue>>;

/** There is no item with a longer key, and DynamoDB refuses the whole request for one. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const MAX_KEY_BYTES = 2_048;
const MAX_TRIES = 8;
const FIRST_PAUSE_MS = 50;

/**
 * As {@link getItems}, but a table that cannot be read is no error: it has no items, and `onProblem` is called. DynamoDB refuses a whole request
 * because of one table; then the tables are read one by one.
 */
export async function getItemsAsFarAsPossible(
  client: DynamoDBClient,
  tables: readonly string[],
  ids: Iterable<string>,
  onProblem: (problem: Problem) => void,
): Promise<ReadonlyMap<string, readonly Item[]>> {
  const keys = [...ids];
  const read = (some: readonly string[]) =>
    attempt({ resource: 'idempotency table', name: some.join(', ') }, getItems(client, some, keys));
  const together = await read(tables);
  if (together.value) return together.value;
  const each = tables.length === 1 ? [together] : await Promise.all(tables.map((table) => read([table])));
  for (const problem of each.flatMap(({ problems }) => problems)) onProblem(problem);
  return new Map(each.flatMap(({ value }) => [...(value ?? [])]));
}

/**
 * Reads items by their ids from one or more tables, at most 100 keys in all.
 *
 * @returns the existing items, by table
 * @throws Error when DynamoDB still returns unprocessed keys after several tries
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
 */
export async function getItems(
  client: DynamoDBClient,
  tables: readonly string[],
  ids: Iterable<string>,
): Promise<ReadonlyMap<string, readonly Item[]>> {
  const possible = [...ids].filter((id) => Buffer.byteLength(id) <= MAX_KEY_BYTES);
  const Keys = possible.map((id) => ({ id: { S: id } }));
  const found = new Map<string, Item[]>(tables.map((table) => [table, []]));
  if (Keys.length === 0) return found;
  let RequestItems: BatchGetItemCommandInput['RequestItems'] = Object.fromEntries(
    tables.map((table) => [table, { Keys }]),
  );
  for (let attempt = 1; RequestItems && Object.keys(RequestItems).length > 0; attempt++) {
    if (attempt > MAX_TRIES) throw new Error('DynamoDB is throttled; try again later');
    if (attempt > 1) await sleep(FIRST_PAUSE_MS * 2 ** attempt);
    const answer: BatchGetItemCommandOutput = await client.send(new BatchGetItemCommand({ RequestItems }));
    for (const [table, items] of Object.entries(answer.Responses ?? {})) found.get(table)?.push(...items);
    RequestItems = answer.UnprocessedKeys;
  }
  return found;
}
