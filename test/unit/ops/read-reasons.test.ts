import { BatchGetItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { readReasons } from '../../../lib/ops/dead-letters/read-reasons.ts';

const dynamodb = mockClient(DynamoDBClient);
beforeEach(() => {
  dynamodb.reset();
  dynamodb.on(BatchGetItemCommand).resolves({ Responses: { table: [] } });
});

const queue = {
  role: 'dead-letter queue',
  url: 'https://sqs/1/dlq',
  consumer: { label: 'email', stackName: 'shop-dev-Email', idempotencyTable: 'table' },
} as const;
const messageOf = (event: object, MessageAttributes = {}) => ({
  MessageId: 'm',
  Body: JSON.stringify({ specversion: '1.0', id: 'e', source: '/shop', type: 'a.B.v1', ...event }),
  Attributes: { SentTimestamp: '1000' },
  MessageAttributes,
});
const read = async (...messages: ReturnType<typeof messageOf>[]) => {
  const clients = { dynamodb: new DynamoDBClient({ region: 'eu-west-1' }) };
  return (await readReasons(clients, queue, messages)).map(({ deadLetter }) => deadLetter);
};

it('takes the time of SQS for a letter whose failure nobody has noted, and not that of its publisher', async () => {
  const [letter] = await read(messageOf({ time: '2020-01-01T00:00:00Z' }));
  expect(letter).toMatchObject({ errorName: 'Unknown', lastAt: 1_000 });
});

it('asks for no record that there cannot be: DynamoDB would refuse the keys beside it too', async () => {
  const again = {
    replay: { DataType: 'String', StringValue: 'r1' },
    replaymode: { DataType: 'String', StringValue: 'again' },
  };
  await read(messageOf({}), messageOf({ id: 'x'.repeat(2_040) }, again));
  const [call] = dynamodb.commandCalls(BatchGetItemCommand);
  expect(call?.args[0].input.RequestItems).toEqual({ table: { Keys: [{ id: { S: '/shop|e' } }] } });
});
