import {
  type AttributeValue,
  BatchWriteItemCommand,
  CreateTableCommand,
  DynamoDBClient,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DynamoDBEngine, startDynamoDB } from '../../lib/local/engines/dynamodb.ts';
import { reservePort } from '../../lib/local/engines/reserve-port.ts';
import { InMemoryDynamoDB } from '../../lib/testing/dynamodb/in-memory-dynamodb.ts';
import { Table } from '../../lib/testing/dynamodb/table.ts';
import { operationOf } from '../../lib/testing/process/sdk.ts';
import { canonicalItem } from '../../lib/testing/values/equal.ts';
import { toNative } from '../../lib/testing/values/native.ts';
import { answerOf } from './answers.ts';
import { ITEMS, ROWS, TABLE } from './dynamodb-rows.ts';

let engine: DynamoDBEngine;
let client: DynamoDBClient;

beforeAll(async () => {
  engine = await startDynamoDB(await reservePort(0, { what: 'test', flag: '', variable: '' }), undefined);
  client = new DynamoDBClient({
    endpoint: engine.endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'y' },
  });
  await createTable();
});

afterAll(async () => {
  client.destroy();
  await engine.stop();
});

type Items = readonly Record<string, AttributeValue>[];

async function createTable(): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: TABLE,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'movieId', KeyType: 'HASH' },
        { AttributeName: 'reviewId', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: ['movieId', 'reviewId'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
    }),
  );
}

async function onEngine(command: object): Promise<{ answer: unknown; items: Items }> {
  const puts = ITEMS.map((Item) => ({ PutRequest: { Item } }));
  await client.send(new BatchWriteItemCommand({ RequestItems: { [TABLE]: puts } }));
  const answer = await answerOf(() => Reflect.apply(client.send, client, [command]));
  const { Items = [] } = await client.send(new ScanCommand({ TableName: TABLE }));
  const deletes = Items.map(({ movieId, reviewId }) => ({
    // Both are the key: no item is without.
    DeleteRequest: { Key: { movieId: movieId ?? { S: '' }, reviewId: reviewId ?? { S: '' } } },
  }));
  await client.send(new BatchWriteItemCommand({ RequestItems: { [TABLE]: deletes } }));
  return { answer, items: Items };
}

async function inMemory(
  command: object & { readonly input: object },
): Promise<{ answer: unknown; items: Items }> {
  const table = new Table(TABLE, { partitionKey: 'movieId', sortKey: 'reviewId' });
  for (const item of ITEMS) table.set(table.keyOf(item), item);
  const dynamodb = new InMemoryDynamoDB([table], () => undefined);
  const answer = await answerOf(async () => dynamodb.execute(operationOf(command), command.input));
  return { answer, items: table.items };
}

const texts = (items: Items): string[] => items.map(canonicalItem).toSorted();

describe('DynamoDB in memory answers and does what the embedded engine does', () => {
  it.each(Object.entries(ROWS))('%s', async (_, command) => {
    const ours = await inMemory(command as object & { readonly input: object });
    const theirs = await onEngine(command);
    expect(ours.answer).toEqual(theirs.answer);
    expect(texts(ours.items)).toEqual(texts(theirs.items));
  });
});

/** Where the embedded engine is the one that is wrong. */
describe('as the documentation of DynamoDB says', () => {
  const votesAfter = (UpdateExpression: string, ExpressionAttributeValues?: object): unknown => {
    const table = new Table('t', { partitionKey: 'id' });
    table.set(table.keyOf({ id: { S: 'a' } }), {
      id: { S: 'a' },
      votes: { L: [{ N: '1' }, { N: '2' }, { N: '3' }] },
    });
    const dynamodb = new InMemoryDynamoDB([table], () => undefined);
    const Key = { id: { S: 'a' } };
    dynamodb.execute('UpdateItem', { TableName: 't', Key, UpdateExpression, ExpressionAttributeValues });
    return table.items.map(toNative)[0]?.votes;
  };

  it('an element beyond the end of a list is appended', () => {
    expect(votesAfter('SET votes[9] = :n', { ':n': { N: '20' } })).toEqual([1, 2, 3, 20]);
  });

  it('an element of a list that is absent cannot be removed, and one beyond the end can', () => {
    expect(votesAfter('REMOVE votes[9]')).toEqual([1, 2, 3]);
    expect(() => votesAfter('REMOVE notes[9]')).toThrow(
      'The document path provided in the update expression',
    );
  });

  it('the indices of removed elements are those before the update', () => {
    expect(votesAfter('REMOVE votes[0], votes[2]')).toEqual([2]);
  });
});
