import { paginateQuery, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { EXPIRES_AT, REPLAY_DAYS } from '../../replay-retention.ts';
import { type Item, number, stateKey } from '../replay-items.ts';
import type { TableAccess } from '../table-access.ts';

const DAY_SECONDS = 86_400;
/** Updates that are under way at once. */
const PARALLEL = 25;

/** Lets DynamoDB delete all items of a replay that has ended, its state last. Done again, it changes nothing. */
export async function expireReplay(props: TableAccess, id: string, endedAt: number): Promise<void> {
  const { dynamodb: client, name: TableName } = props;
  const expiresAt = Math.ceil(endedAt / 1_000) + REPLAY_DAYS * DAY_SECONDS;
  const pages = paginateQuery(
    { client, pageSize: PARALLEL },
    {
      TableName,
      KeyConditionExpression: 'replay = :replay',
      ExpressionAttributeValues: { ':replay': { S: id } },
      ProjectionExpression: 'replay, part',
      ConsistentRead: true,
    },
  );
  const expire = (Key: Item) =>
    client.send(
      new UpdateItemCommand({
        TableName,
        Key,
        UpdateExpression: 'SET #expiresAt = :expiresAt',
        ExpressionAttributeNames: { '#expiresAt': EXPIRES_AT },
        ExpressionAttributeValues: { ':expiresAt': number(expiresAt) },
      }),
    );
  for await (const { Items = [] } of pages) await Promise.all(Items.map(expire));
  await expire(stateKey(id));
}
