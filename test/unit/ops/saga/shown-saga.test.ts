import { describe, expect, it } from 'vitest';
import { type SagaItem, sagaAttributes } from '../../../../lib/contracts/saga/saga-item.ts';
import { readShownSaga, type ShownSaga, summaryOf } from '../../../../lib/ops/saga/shown-saga.ts';

const at = (second: number): string => new Date(second * 1_000).toISOString();
const item: SagaItem = {
  id: 'order-1',
  step: 'paying',
  version: 2,
  data: '{"totalMinor":1}',
  timeouts: {},
  undo: [],
  history: [
    { at: at(10), event: 'shop.OrderPlaced', step: 'reserving' },
    { at: at(12.5), event: 'shop.StockReserved', step: 'paying' },
  ],
  correlationId: 'c',
  startedAt: at(10),
  updatedAt: at(12.5),
};
const read = (some: object = {}, now = 100_000) =>
  readShownSaga('orders', { ...sagaAttributes(item), ...some }, now);
const shown = (some: Partial<SagaItem> = {}): ShownSaga => {
  const saga = readShownSaga('orders', sagaAttributes({ ...item, ...some }), 100_000);
  return saga && !('reason' in saga) ? saga : expect.fail(`it is ${JSON.stringify(saga)}`);
};

describe('an item that is not as the runtime writes it', () => {
  it.each([
    ['a step that is missing', { step: { N: '1' } }, 'the attribute step is missing'],
    ['a history that is no JSON', { history: { S: '[' } }, 'the attribute history is not JSON'],
    ['a history that is no list', { history: { S: '{}' } }, 'history has a value of another type'],
    ['a history without moves', { history: { S: '[]' } }, 'it has no moves'],
    ['a move without an event', { history: { S: `[["${at(10)}",null,"paying"]]` } }, 'a text is missing'],
    ['a move without a step', { history: { S: `[["${at(10)}","shop.Paid"]]` } }, 'a text is missing'],
    ['a move without a time', { history: { S: '[["soon","shop.Paid","paying"]]' } }, 'Invalid time value'],
    ['a beginning that is no time', { startedAt: { S: 'soon' } }, 'Invalid time value'],
    ['an end that is no time', { endedAt: { S: 'soon' } }, 'Invalid time value'],
    ['a time-out without a time', { timeouts: { S: '{"shop.Late":{"id":"t"}}' } }, 'Invalid time value'],
    ['time-outs that are none', { timeouts: { S: 'null' } }, 'timeouts has a value of another type'],
    ['compensations that are none', { undo: { S: '{}' } }, 'undo has a value of another type'],
    ['a compensation without an event', { undo: { S: '[{}]' } }, 'a text is missing'],
    ['data that is no JSON', { data: { S: '{' } }, 'its data is not JSON'],
  ])('is told with the reason: %s', (_, some, reason) => {
    expect(read(some)).toEqual({
      consumer: 'orders',
      id: 'order-1',
      reason: expect.stringContaining(reason),
    });
  });

  it.each(['data', 'undo', 'timeouts', 'history'])('does not show what is in it: %s', (name) => {
    const told = JSON.stringify(read({ [name]: { S: 'Erika Mustermann, DE02' } }));
    expect(told).toContain('not JSON');
    expect(told).not.toContain('Erika');
  });

  it('is told also when it has no key that is a text', () => {
    expect(read({ id: { N: '7' } })).toMatchObject({
      id: '',
      reason: expect.stringContaining('id is missing'),
    });
  });
});

describe('a saga that has ended', () => {
  it('is absent from the second on at which it expires', () => {
    const ended = { endedAt: { S: at(12.5) }, expiresAt: { N: '100' } };
    expect(read(ended, 99_999)).toMatchObject({ endedAt: at(12.5), expiresAt: at(100) });
    expect(read(ended, 100_000)).toBeUndefined();
  });
});

describe('the moves of a saga', () => {
  it('go from new to its step, with the time between them', () => {
    expect(shown()).toMatchObject({
      isWhole: true,
      lastEvent: 'shop.StockReserved',
      steps: [
        { at: at(10), event: 'shop.OrderPlaced', from: 'new', to: 'reserving' },
        {
          ...{ at: at(12.5), event: 'shop.StockReserved', from: 'reserving', to: 'paying' },
          afterMilliseconds: 2_500,
        },
      ],
    });
  });

  it('are not whole when the first of them is not kept any more, and it is not known from where the next came', () => {
    const { isWhole, steps } = shown({ history: item.history.slice(1) });
    expect(isWhole).toBe(false);
    expect(steps).toEqual([{ at: at(12.5), event: 'shop.StockReserved', from: undefined, to: 'paying' }]);
  });
});

it('time-outs stand by their time, and compensations in the order in which they are emitted', () => {
  const saga = shown({
    timeouts: { 'shop.Day': { id: 'd', at: at(90) }, 'shop.Minute': { id: 'm', at: at(60) } },
    undo: [
      { event: 'shop.First', data: 1 },
      { event: 'shop.Second', data: 2 },
    ],
  });
  expect(saga.timeouts.map(({ event }) => event)).toEqual(['shop.Minute', 'shop.Day']);
  expect(saga.timeoutAt).toBe(at(60));
  expect(saga.undo).toEqual([
    { event: 'shop.Second', data: 2 },
    { event: 'shop.First', data: 1 },
  ]);
});

it('a summary has no data and no compensations', () => {
  expect(Object.keys(summaryOf(shown())).toSorted()).toEqual([
    ...['consumer', 'correlationId', 'endedAt', 'id', 'lastEvent', 'startedAt', 'step', 'timeoutAt'],
    'updatedAt',
  ]);
});
