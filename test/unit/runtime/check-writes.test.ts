import { expect, it } from 'vitest';
import { checkWrites } from '../../../lib/runtime/handling/check-writes.ts';

const put = { Put: { TableName: 't', Item: {} } };

it.each<[string, unknown, string]>([
  ['no list', put, 'a commit takes a list of writes'],
  ['nothing', undefined, 'for none, give an empty list'],
  [
    'an item in the place of a write',
    [put, { sku: { S: 'a' } }],
    'write 1 of the commit has no action; make it with putItem',
  ],
  ['a hole', [undefined], 'write 0 of the commit has no action'],
  [
    'two actions in one',
    [{ ...put, Delete: { TableName: 't', Key: {} } }],
    'write 0 of the commit has Put and Delete',
  ],
  [
    'no table',
    [{ Put: { Item: {} } }],
    'write 0 of the commit names no table; take its name from ctx.tables',
  ],
  ['100 writes', Array.from({ length: 100 }, () => put), 'a commit takes 99 writes at most, got 100'],
])('a commit of %s is refused with what to do', (_, writes, message) => {
  expect(() => checkWrites(writes as never)).toThrow(new TypeError(message).message);
});

it.each([[[]], [[put]], [[put, { ConditionCheck: { TableName: 't', Key: {}, ConditionExpression: 'a' } }]]])(
  'a commit of %j is taken',
  (writes) => {
    expect(() => checkWrites(writes)).not.toThrow();
  },
);
