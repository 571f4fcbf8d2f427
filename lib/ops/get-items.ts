import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AttributeValue,
  BatchGetItemCommand,
  type BatchGetItemCommandInput,
  type BatchGetItemCommandOutput,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';

export type Item = Readonly<Record<string, AttributeValue>>;

const MAX_TRIES = 8;
const FIRST_PAUSE_MS = 50;

/**
 * Reads records by their ids, a hundred keys at most, from one table or several.
 *
 * @returns the items that there are, by table
 * @throws Error when DynamoDB still leaves some out after several tries
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
 */
export async function getItems(
  client: DynamoDBClient,
  tables: readonly string[],
  ids: Iterable<string>,
): Promise<ReadonlyMap<string, readonly Item[]>> {
  const Keys = [...ids].map((id) => ({ id: { S: id } }));
  const found = new Map<string, Item[]>(tables.map((table) => [table, []]));
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
