import { unmarshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  conditionCheck,
  deleteItem,
  putItem,
  type TableName,
  updateItem,
} from '../../../lib/runtime/index.ts';

const stock = 'stock-table' as TableName<'sku'>;
const counts = 'counts-table' as TableName<'day' | 'sku'>;
const anyTable: string = 'any-table';

describe('the writes of a commit', () => {
  it('put an item of plain values', () => {
    const item = {
      sku: 'beans',
      price: 12.5,
      big: 2n ** 60n,
      on: true,
      off: null,
      tags: ['a', 1],
      of: { deep: [{}] },
    };
    const write = putItem(stock, item, { ConditionExpression: 'attribute_not_exists(sku)' });
    expect(write).toEqual({
      Put: {
        TableName: 'stock-table',
        Item: {
          sku: { S: 'beans' },
          price: { N: '12.5' },
          big: { N: '1152921504606846976' },
          on: { BOOL: true },
          off: { NULL: true },
          tags: { L: [{ S: 'a' }, { N: '1' }] },
          of: { M: { deep: { L: [{ M: {} }] } } },
        },
        ConditionExpression: 'attribute_not_exists(sku)',
      },
    });
  });

  it('update, delete and check by the key', () => {
    const values = { ExpressionAttributeValues: { ':one': 1 } };
    expect([
      updateItem(
        counts,
        { day: '2026-01-01', sku: 'beans' },
        { UpdateExpression: 'ADD orders :one', ...values },
      ),
      deleteItem(stock, { sku: 'beans' }),
      conditionCheck(stock, { sku: 'beans' }, { ConditionExpression: 'available > :one', ...values }),
    ]).toEqual([
      {
        Update: {
          TableName: 'counts-table',
          Key: { day: { S: '2026-01-01' }, sku: { S: 'beans' } },
          UpdateExpression: 'ADD orders :one',
          ExpressionAttributeValues: { ':one': { N: '1' } },
        },
      },
      { Delete: { TableName: 'stock-table', Key: { sku: { S: 'beans' } } } },
      {
        ConditionCheck: {
          TableName: 'stock-table',
          Key: { sku: { S: 'beans' } },
          ConditionExpression: 'available > :one',
          ExpressionAttributeValues: { ':one': { N: '1' } },
        },
      },
    ]);
  });

  it('take what looks like an AttributeValue for what it is: a plain object', () => {
    const { Put } = putItem(stock, { sku: 'beans', size: { S: 'small' }, n: { N: '1' } });
    expect(Put?.Item).toEqual({
      sku: { S: 'beans' },
      size: { M: { S: { S: 'small' } } },
      n: { M: { N: { S: '1' } } },
    });
  });

  it('are read by the AWS SDK as what was written', () => {
    const item = {
      sku: 'beans',
      binary: new Uint8Array([1, 2]),
      words: new Set(['a', 'b']),
      numbers: new Set([1, 2n]),
      bytes: new Set([new Uint8Array([3])]),
      tiny: 1e-130,
      large: 2 ** 53 - 1,
      negative: -0.1,
      empty: '',
    };
    expect(unmarshall(putItem(stock, item).Put?.Item ?? {})).toEqual({
      ...item,
      numbers: new Set([1, 2]),
    });
  });

  it('leave out a member that is undefined, as JSON does', () => {
    const { Put } = putItem(stock, { sku: 'beans', note: undefined, of: { a: undefined, b: 1 } });
    expect(Put?.Item).toEqual({ sku: { S: 'beans' }, of: { M: { b: { N: '1' } } } });
  });

  const nested = (levels: number): unknown =>
    Array.from({ length: levels }).reduce<unknown>((inner) => [inner], 1);
  const cyclic: Record<string, unknown> = {};
  cyclic.self = cyclic;
  it.each<[string, unknown, string]>([
    ['no number', Number.NaN, 'Item.of.value is NaN'],
    ['an infinite number', Number.NEGATIVE_INFINITY, 'Item.of.value is -Infinity'],
    [
      'an integer that a double does not hold',
      2 ** 53,
      'Item.of.value is 9007199254740992, which a number may not hold exactly; use a bigint',
    ],
    ['a number beyond DynamoDB', 1e126, 'Item.of.value is 1e+126, which a number may not'],
    ['one too close to zero', 1e-131, 'Item.of.value is 1e-131; closer to zero than 1e-130'],
    ['more digits than DynamoDB keeps', BigInt('1'.repeat(39)), 'DynamoDB keeps 38 digits'],
    ['undefined in a list', ['a', undefined], 'Item.of.value[1] is undefined'],
    ['an empty set', new Set(), 'Item.of.value is an empty set'],
    ['a set of several kinds', new Set(['a', 1]), 'Item.of.value is a set of several kinds'],
    ['a set of objects', new Set([{}]), 'Item.of.value is a set of'],
    ['a set with a number twice', new Set([1, 1n]), 'Item.of.value is a set that has 1 twice'],
    ['a date', new Date(0), 'Item.of.value is a Date; write a string (toISOString) or a number'],
    ['a map', new Map(), 'Item.of.value is a Map; write a plain object'],
    ['a function', () => undefined, 'Item.of.value is a function'],
    ['a symbol', Symbol('x'), 'Item.of.value is a symbol'],
    ['an object of a class', new (class Money {})(), 'Item.of.value is a Money; write a plain object'],
    ['what is in itself', cyclic, 'is nested deeper than 32'],
    ['a list 33 deep', nested(33), 'is nested deeper than 32'],
    ['half of a surrogate pair', { text: '\ud800' }, 'has text with half of a surrogate pair'],
    ['half of a surrogate pair in a name', { '\udc00': 1 }, 'has text with half of a surrogate pair'],
    [
      'half of a surrogate pair in a set',
      { tags: new Set(['\ud800']) },
      'has text with half of a surrogate pair',
    ],
    [
      'the same bytes twice',
      { parts: new Set([new Uint8Array([1]), new Uint8Array([1])]) },
      'has the same bytes twice',
    ],
  ])('refuse %s, and say where', (_, value, message) => {
    expect(() => putItem(anyTable, { id: 'x', of: { value } } as never)).toThrow(message);
  });

  it('nest 32 levels', () => {
    // The map `of` is the first level.
    expect(() => putItem(anyTable, { id: 'x', of: { value: nested(31) } } as never)).not.toThrow();
    expect(() => putItem(anyTable, { id: 'x', of: { value: nested(32) } } as never)).toThrow(
      'deeper than 32',
    );
  });

  it('refuse a value of an expression that is undefined, by its name', () => {
    const expression = { UpdateExpression: 'SET a = :a', ExpressionAttributeValues: { ':a': undefined } };
    expect(() => updateItem(stock, { sku: 'x' }, expression)).toThrow(
      "ExpressionAttributeValues[':a'] is undefined",
    );
  });

  it('refuse an expression without its values in their order of nesting', () => {
    const values = { ':list': [{ price: Number.NaN }] };
    const update = { UpdateExpression: 'SET a = :list', ExpressionAttributeValues: values };
    expect(() => updateItem(stock, { sku: 'x' }, update)).toThrow(
      "ExpressionAttributeValues[':list'][0].price is NaN",
    );
  });

  it('have keys by the definition of their table, when it has one', () => {
    expectTypeOf(deleteItem<'sku'>)
      .parameter(1)
      .toEqualTypeOf<Readonly<Record<'sku', string>>>();
    // @ts-expect-error: the key is sku
    deleteItem(stock, { id: 'x' });
    // @ts-expect-error: a key is a string
    deleteItem(stock, { sku: 1 });
    // @ts-expect-error: the sort key is missing
    putItem(counts, { day: '2026-01-01', orders: 1 });
    // @ts-expect-error: no Date is stored
    expect(() => putItem(stock, { sku: 'x', at: new Date() })).toThrow('Item.at is a Date');
    deleteItem(anyTable, { anything: 'x' });
  });
});
