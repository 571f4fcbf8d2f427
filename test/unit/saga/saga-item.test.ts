import { expect, it } from 'vitest';
import { readSagaItem, type SagaItem, sagaAttributes } from '../../../lib/contracts/saga/saga-item.ts';
import { nextItem } from '../../../lib/runtime/saga/next-item.ts';
import { sagaWrite } from '../../../lib/runtime/saga/saga-table.ts';

const AT = '2026-01-01T00:00:00.000Z';
const item: SagaItem = {
  id: 'o-1',
  step: 'paying',
  version: 3,
  data: '{"totalMinor":5}',
  timeouts: { 'shop.PaymentTimedOut': { id: 't', at: AT } },
  undo: [{ event: 'shop.StockReturned', data: { orderId: 'o-1' } }],
  history: [{ at: AT, event: 'shop.OrderPlaced', step: 'reserving' }],
  correlationId: 'c-1',
  startedAt: AT,
  updatedAt: AT,
  endedAt: undefined,
  expiresAt: undefined,
};
const ended = { ...item, step: 'paid', endedAt: AT, expiresAt: 1_800_000_000 };
const move = {
  kind: 'move',
  step: 'paying',
  ended: false,
  data: '{}',
  undo: [],
  emitted: [],
  set: [],
  kept: {},
  cancelled: [],
} as const;
const event = {
  specversion: '1.0',
  id: 'e-1',
  source: '/test',
  type: 'shop.OrderPlaced.v1',
  data: {},
} as const;
const moved = {
  id: 'o-1',
  event,
  type: 'shop.OrderPlaced',
  move,
  timeouts: {},
  keepDays: 2,
  now: Date.parse(AT),
};

it('an item is read as it was written', () => {
  expect(readSagaItem(sagaAttributes(item))).toEqual(item);
  expect(readSagaItem(sagaAttributes(ended))).toEqual(ended);
});

it('an item of another program is refused by its name', () => {
  expect(() => readSagaItem({ id: { S: 'x' } })).toThrow('item x of the table of sagas is no saga');
  expect(() => readSagaItem({ ...sagaAttributes(item), undo: { S: '{' } })).toThrow('item o-1 of the table');
});

it('a saga that begins has the correlation id of its first event, or its id', () => {
  expect(nextItem(undefined, undefined, moved)).toEqual({
    ...item,
    version: 1,
    data: '{}',
    timeouts: {},
    undo: [],
    history: [{ at: AT, event: 'shop.OrderPlaced', step: 'paying' }],
    correlationId: 'e-1',
  });
  const correlated = { ...moved, event: { ...event, correlationid: 'c-9' } };
  expect(nextItem(undefined, undefined, correlated).correlationId).toBe('c-9');
});

it('one that takes the place of an expired one begins anew, with the next version', () => {
  expect(nextItem(undefined, 7, moved)).toMatchObject({ version: 8, startedAt: AT, history: [{}] });
});

it('the end is noted once, with the time from which the saga is gone', () => {
  const end = { ...moved, move: { ...move, step: 'paid', ended: true } };
  const expiresAt = Date.parse(AT) / 1000 + 2 * 86_400;
  const first = nextItem(item, 3, end);
  expect(first).toMatchObject({ step: 'paid', version: 4, endedAt: AT, expiresAt, correlationId: 'c-1' });
  const later = nextItem(first, 4, { ...end, now: Date.parse(AT) + 60_000 });
  expect(later).toMatchObject({ endedAt: AT, expiresAt, updatedAt: '2026-01-01T00:01:00.000Z', version: 5 });
});

it('the history has the last 20 moves', () => {
  const history = Array.from({ length: 20 }, (_, n) => ({ at: AT, event: `e-${n}`, step: 'paying' }));
  const next = nextItem({ ...item, history }, 3, moved);
  expect(next.history).toHaveLength(20);
  expect(next.history[0]).toMatchObject({ event: 'e-1' });
  expect(next.history.at(-1)).toEqual({ at: AT, event: 'shop.OrderPlaced', step: 'paying' });
});

it('a write is on condition that the saga is as it was read', () => {
  expect(sagaWrite('t', item, undefined)).toEqual({
    Put: {
      TableName: 't',
      Item: sagaAttributes(item),
      ConditionExpression: 'attribute_not_exists(id)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  });
  expect(sagaWrite('t', item, 2)).toMatchObject({
    Put: {
      ConditionExpression: '#version = :version',
      ExpressionAttributeValues: { ':version': { N: '2' } },
    },
  });
});

it('a saga that is too large for an item is refused before it is sent', () => {
  const empty = { ...item, data: '' };
  const room = 409_600 - sizeOf(empty);
  expect(() => sagaWrite('t', { ...item, data: 'x'.repeat(room) }, 2)).not.toThrow();
  expect(() => sagaWrite('t', { ...item, data: 'x'.repeat(room + 1) }, 2)).toThrow(
    'saga o-1 would have 409601 bytes, and an item of DynamoDB has 409600 at most',
  );
});

function sizeOf(of: SagaItem): number {
  return Object.entries(sagaAttributes(of))
    .map(([name, value]) => name.length + Object.values(value).join('').length)
    .reduce((a, b) => a + b, 0);
}
