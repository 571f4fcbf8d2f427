import { DynamoDBClient, GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { sagaAttributes } from '../../../../lib/contracts/saga/saga-item.ts';
import { readSaga, readSagas } from '../../../../lib/ops/saga/read-sagas.ts';

const dynamodb = new DynamoDBClient({ region: 'us-east-1' });
const answers = mockClient(dynamodb);
const orders = { label: 'orders', sagaTable: 'the-orders' };
const returns = { label: 'returns', sagaTable: 'the-returns' };
const NOW = 7_200_000;
const TIME = new Date(0).toISOString();
const attributes = (id: string, startedAt = TIME, step = 'paying') =>
  sagaAttributes({
    ...{ id, step, version: 1, data: '{}', timeouts: {}, undo: [], correlationId: 'c' },
    ...{ history: [{ at: startedAt, event: 'shop.OrderPlaced', step }], startedAt, updatedAt: startedAt },
  });
const key = { id: { S: 'last' } };

beforeEach(() => answers.reset());

describe('a table that cannot be read', () => {
  it('is named, and the others are read', async () => {
    answers.on(ScanCommand, { TableName: 'the-orders' }).rejects(new Error('AccessDenied: no'));
    answers.on(ScanCommand, { TableName: 'the-returns' }).resolves({ Items: [attributes('r')] });
    const { sagas, problems, isWhole } = await readSagas({ dynamodb }, [orders, returns]);
    expect(sagas.map(({ consumer, id }) => [consumer, id])).toEqual([['returns', 'r']]);
    expect(problems).toEqual([
      { resource: 'table of sagas', name: 'the-orders', missing: false, reason: 'AccessDenied: no' },
    ]);
    expect(isWhole).toBe(true);
  });

  it('fails the reading of one saga', async () => {
    answers.on(GetItemCommand).rejects(new Error('AccessDenied: no'));
    await expect(readSaga({ dynamodb }, orders, 'x')).rejects.toThrow('AccessDenied: no');
  });
});

describe('a table with many sagas', () => {
  const page = (size: number) => Array.from({ length: size }, (_, index) => attributes(`order-${index}`));

  it('is read over all its pages', async () => {
    answers.on(ScanCommand).resolves({ Items: page(2), LastEvaluatedKey: key });
    answers.on(ScanCommand, { ExclusiveStartKey: key }).resolves({ Items: [attributes('last')] });
    const { sagas, counts, isWhole } = await readSagas({ dynamodb }, [orders]);
    expect([sagas.length, isWhole]).toEqual([3, true]);
    expect(counts).toEqual([{ consumer: 'orders', step: 'paying', isEnd: false, count: 3 }]);
  });

  it('is left after 100,000 items, which is told', async () => {
    const Items = page(50_000);
    answers
      .on(ScanCommand)
      .resolvesOnce({ Items, LastEvaluatedKey: key })
      .resolvesOnce({ Items, LastEvaluatedKey: key })
      .rejects(new Error('it has read on'));
    const { sagas, isWhole, problems } = await readSagas({ dynamodb }, [orders]);
    expect([sagas.length, isWhole, problems]).toEqual([100_000, false, []]);
  });

  it('is whole when it ends with the 100,000th', async () => {
    answers.on(ScanCommand).resolves({ Items: page(100_000) });
    expect((await readSagas({ dynamodb }, [orders])).isWhole).toBe(true);
  });
});

it('one that is exactly as old as asked for is listed, and a younger one is not', async () => {
  const younger = attributes('younger', new Date(1).toISOString());
  answers.on(ScanCommand).resolves({ Items: [younger, attributes('old')] });
  const { sagas } = await readSagas({ dynamodb }, [orders], { olderThanSeconds: 7_200, now: NOW });
  expect(sagas.map(({ id }) => id)).toEqual(['old']);
});

it('those that began at the same time stand by their keys, and counts by consumer and step', async () => {
  answers.on(ScanCommand, { TableName: 'the-orders' }).resolves({
    Items: [attributes('b'), attributes('a', TIME, 'reserving')],
  });
  answers.on(ScanCommand, { TableName: 'the-returns' }).resolves({ Items: [attributes('c')] });
  const { sagas, counts } = await readSagas({ dynamodb }, [returns, orders]);
  expect(sagas.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  expect(counts.map(({ consumer, step }) => `${consumer} ${step}`)).toEqual([
    'orders paying',
    'orders reserving',
    'returns paying',
  ]);
});

it('one saga is read by its key and consistently', async () => {
  answers.on(GetItemCommand).resolves({ Item: attributes('x') });
  expect(await readSaga({ dynamodb }, orders, 'x')).toMatchObject({ consumer: 'orders', id: 'x' });
  expect(answers.commandCalls(GetItemCommand)[0]?.args[0].input).toEqual({
    TableName: 'the-orders',
    Key: { id: { S: 'x' } },
    ConsistentRead: true,
  });
});
