import {
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { idOf } from './assembly.ts';
import { AGAIN, type Meanwhile, twiceBy } from './exists-already.ts';

describe.each(AGAIN)('%s finds a table with its items, and', (_, again) => {
  const twice = twiceBy(again);
  const attribute = (AttributeName: string, AttributeType = 'S') => ({ AttributeName, AttributeType });
  const table = (properties: object) => ({
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        AttributeDefinitions: [attribute('id')],
        ...properties,
      },
    },
  });
  const index = (IndexName: string, AttributeName: string) => ({
    IndexName,
    KeySchema: [{ AttributeName, KeyType: 'HASH' }],
    Projection: { ProjectionType: 'ALL' },
  });
  const put: Meanwhile = (local) =>
    local.dynamodb.send(
      new PutItemCommand({
        TableName: idOf(local, 'Table'),
        Item: { id: { S: 'a' }, customer: { S: 'ada' }, day: { S: 'monday' } },
      }),
    );

  it('makes the indexes that the template has, and no others', async () => {
    const before = {
      AttributeDefinitions: [attribute('id'), attribute('day')],
      GlobalSecondaryIndexes: [index('byDay', 'day')],
    };
    const after = {
      AttributeDefinitions: [attribute('id'), attribute('customer')],
      GlobalSecondaryIndexes: [index('byCustomer', 'customer')],
    };
    const local = await twice(table(before), table(after), put);
    const TableName = idOf(local, 'Table');
    const { Items } = await local.dynamodb.send(
      new QueryCommand({
        TableName,
        IndexName: 'byCustomer',
        KeyConditionExpression: 'customer = :ada',
        ExpressionAttributeValues: { ':ada': { S: 'ada' } },
      }),
    );
    expect(Items).toMatchObject([{ id: { S: 'a' } }]);
    const { Table } = await local.dynamodb.send(new DescribeTableCommand({ TableName }));
    expect(Table?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName)).toEqual(['byCustomer']);
  });

  it.each([
    ['another attribute', { AttributeName: 'until', Enabled: true }, 'until'],
    ['nothing', undefined, undefined],
    ['that it is off', { AttributeName: 'expiresAt', Enabled: false }, undefined],
  ])('lets them live as long as it says: %s', async (_what, after, expected) => {
    const ttl = (TimeToLiveSpecification: object | undefined) => table({ TimeToLiveSpecification });
    const local = await twice(ttl({ AttributeName: 'expiresAt', Enabled: true }), ttl(after));
    const { TimeToLiveDescription: is } = await local.dynamodb.send(
      new DescribeTimeToLiveCommand({ TableName: idOf(local, 'Table') }),
    );
    expect(is?.TimeToLiveStatus === 'ENABLED' ? is.AttributeName : undefined).toBe(expected);
  });

  it('refuses one whose key is of another type', async () => {
    const after = table({ AttributeDefinitions: [attribute('id', 'N')] });
    await expect(twice(table({}), after)).rejects.toThrow(
      'the table exists with the keys id S HASH, but the template has id N HASH',
    );
  });
});
