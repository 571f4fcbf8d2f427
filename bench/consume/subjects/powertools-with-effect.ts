import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { createPowertoolsHandler } from './create-powertools-handler.ts';
import { work } from './work.ts';

const client = new DynamoDBClient({});
const TableName = process.env.TABLE_EFFECTS;

/** The peer with an effect: a write that happens again when the process dies before its record says so. */
export const handler = createPowertoolsHandler(async ({ id, data }) => {
  work(data);
  await client.send(new PutItemCommand({ TableName, Item: { id: { S: id } } }));
});
