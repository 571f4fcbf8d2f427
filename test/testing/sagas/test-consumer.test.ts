import { defineSaga } from 'fanfare/contracts';
import { sagaHandlers } from 'fanfare/saga';
import { simulate, testConsumer } from 'fanfare/testing';
import { expect, it } from 'vitest';
import * as z from 'zod';
import {
  OrderPlaced,
  OrderTimedOut,
  orders,
  PaymentAccepted,
  StockReserved,
  transitions,
} from '../../unit/saga/orders.ts';

const handlers = sagaHandlers(orders, transitions);
const placed = { type: 'shop.OrderPlaced', data: { orderId: 'o-1', totalMinor: 5 } } as const;
const reserved = { type: 'shop.StockReserved', data: { orderId: 'o-1' } } as const;
const accepted = { type: 'shop.PaymentAccepted', data: { orderId: 'o-1', paymentId: 'p-1' } } as const;
const declined = { type: 'shop.PaymentDeclined', data: { orderId: 'o-1' } } as const;

const typesOf = (events: readonly { readonly type: string }[]): string[] => events.map(({ type }) => type);

it('an event moves its saga once, however often it comes, and emits once', async () => {
  const consumer = testConsumer(orders, handlers);
  const { outcomes, effects, emitted } = await consumer.receive({ ...placed, id: 'e-1' }, { times: 3 });
  // What changes nothing is not known as a duplicate: only a commit would find it out.
  expect(outcomes).toEqual(['completed', 'completed', 'completed']);
  expect(typesOf(emitted)).toEqual(['shop.StockRequested.v1', 'shop.OrderTimedOut.v1']);
  expect(effects).toMatchObject([
    { table: 'sagas', kind: 'created', via: 'commit', item: { id: 'o-1', step: 'reserving', version: 1 } },
  ]);
});

it('an order is led to its end, and the time-outs of its way are cancelled', async () => {
  const consumer = testConsumer(orders, handlers);
  await consumer.receive(placed);
  const { emitted } = await consumer.receive(reserved);
  expect(typesOf(emitted)).toEqual(['shop.PaymentRequested.v1', 'shop.PaymentTimedOut.v1']);
  const timeout = emitted.at(-1);
  expect(timeout?.deliverat).toBe('2026-01-01T00:10:00.050Z');
  const done = await consumer.receive(accepted);
  expect(done).toMatchObject({ outcome: 'completed', emitted: [] });
  expect(done.cancelled).toHaveLength(2);
  expect(done.cancelled).toContain(timeout?.id);
  const saga = consumer.table('sagas').get({ id: 'o-1' });
  expect(saga).toMatchObject({ step: 'paid', version: 3, timeouts: '{}' });
  // The time-out comes nevertheless: nothing happens.
  const late = await consumer.receiveMessage(JSON.stringify(timeout));
  expect(late).toMatchObject({ outcome: 'completed', effects: [], emitted: [] });
});

it('a saga that has had its last time-out removed moves on, and the time-out that was set no longer counts', async () => {
  const withoutTimeouts = defineSaga({
    name: 'orders',
    description: 'Leads an order, and no longer waits for its time to be over.',
    startedBy: [OrderPlaced],
    movedBy: [StockReserved, PaymentAccepted],
    steps: ['reserving', 'paying'],
    ends: ['paid'],
    state: z.object({ totalMinor: z.int() }),
    correlate: 'orderId',
  });
  const consumer = testConsumer(
    withoutTimeouts,
    sagaHandlers(withoutTimeouts, {
      new: {
        'shop.OrderPlaced': ({ data: { totalMinor } }, saga) => saga.goTo('reserving', { totalMinor }),
        'shop.StockReserved': 'wait',
        'shop.PaymentAccepted': 'wait',
      },
      reserving: {
        'shop.OrderPlaced': 'ignore',
        'shop.StockReserved': (_event, saga) => saga.goTo('paying'),
        'shop.PaymentAccepted': 'wait',
      },
      paying: {
        'shop.OrderPlaced': 'ignore',
        'shop.StockReserved': 'ignore',
        'shop.PaymentAccepted': (_event, saga) => saga.end('paid'),
      },
      paid: 'ignore',
    }),
  );
  await consumer.receive(placed);
  const before = consumer.table('sagas').get({ id: 'o-1' });
  const timeouts = { [OrderTimedOut.type]: { id: 'timeout-1', at: '2026-01-01T01:00:00.000Z' } };
  consumer.table('sagas').put({ ...before, timeouts: JSON.stringify(timeouts) });
  const { outcome, cancelled } = await consumer.receive(reserved);
  expect({ outcome, cancelled }).toEqual({ outcome: 'completed', cancelled: [] });
  expect(consumer.table('sagas').get({ id: 'o-1' })).toMatchObject({ step: 'paying', timeouts: '{}' });
});

it('its time-out moves it, and what it has done is undone', async () => {
  const consumer = testConsumer(orders, handlers);
  await consumer.receive(placed);
  const { emitted } = await consumer.receive(reserved);
  const { effects, emitted: undone } = await consumer.receiveMessage(JSON.stringify(emitted.at(-1)));
  expect(effects).toMatchObject([{ item: { step: 'cancelled' } }]);
  expect(typesOf(undone)).toEqual(['shop.StockReturned.v1']);
  expect(typesOf((await consumer.receive(accepted)).emitted)).toEqual(['shop.RefundRequested.v1']);
});

it('an early event waits without an attempt, and takes effect when the saga is ready', async () => {
  const consumer = testConsumer(orders, handlers);
  const early = await consumer.receive(accepted);
  expect(early).toMatchObject({ outcome: 'retried', effects: [], emitted: [] });
  expect(early.error).toMatchObject({
    name: 'NotYetError',
    message: 'shop.PaymentAccepted came too early for saga o-1, which does not exist',
  });
  for (let time = 0; time < 10; time++) expect((await consumer.redeliver()).outcome).toBe('retried');
  await consumer.receive(placed);
  expect((await consumer.redeliver()).error?.message).toBe(
    "shop.PaymentAccepted came too early for saga o-1, which is in 'reserving'",
  );
  await consumer.receive(reserved);
  expect((await consumer.redeliver()).effects).toMatchObject([{ item: { step: 'paid' } }]);
});

it('an early event that waits longer than its saga allows is in the dead-letter queue, with its reason', async () => {
  const consumer = testConsumer(orders, handlers);
  let last = await consumer.receive(accepted);
  let deliveries = 1;
  for (; last.outcome === 'retried'; deliveries++) last = await consumer.redeliver();
  expect(last.outcome).toBe('deadLettered');
  // SQS itself would move it after 105 deliveries.
  expect(deliveries).toBeLessThan(90);
  expect(consumer.deadLetters).toMatchObject([
    {
      errorName: 'EarlyEventError',
      errorMessage: expect.stringMatching(
        /came too early for saga o-1, which does not exist; it has waited for 2\d{4} s/,
      ),
    },
  ]);
});

it('events of two sagas do not touch each other', async () => {
  const consumer = testConsumer(orders, handlers);
  await consumer.receive(placed);
  await consumer.receive({ ...placed, data: { orderId: 'o-2', totalMinor: 7 } });
  await consumer.receive(reserved);
  expect(consumer.table('sagas').get({ id: 'o-1' })).toMatchObject({ step: 'paying' });
  expect(consumer.table('sagas').get({ id: 'o-2' })).toMatchObject({
    step: 'reserving',
    data: '{"totalMinor":7}',
  });
});

it('an item that another version of the code has written stays as it is, and the event fails with the reason', async () => {
  const consumer = testConsumer(orders, handlers);
  await consumer.receive(placed);
  const before = consumer.table('sagas').get({ id: 'o-1' });
  const newer = { ...before, step: 'packing' };
  consumer.table('sagas').put(newer);
  const { outcome, error } = await consumer.receive(reserved);
  expect(outcome).toBe('retried');
  expect(error).toMatchObject({ name: 'UnreadableSagaError', message: expect.stringContaining("'packing'") });
  expect(consumer.table('sagas').get({ id: 'o-1' })).toEqual(newer);
  consumer.table('sagas').put({ ...before, data: '{}' });
  expect((await consumer.redeliver()).error?.message).toMatch(/does not fit its schema: \/data\/totalMinor/);
});

it('a saga that has expired counts as absent, also before DynamoDB has removed it', async () => {
  const consumer = testConsumer(orders, handlers);
  await consumer.receive(placed);
  await consumer.receive(reserved);
  await consumer.receive(accepted);
  await consumer.clock.advance(91 * 86_400);
  expect((await consumer.receive(accepted)).outcome).toBe('retried');
  await consumer.receive({ ...placed, id: 'again', data: { orderId: 'o-1', totalMinor: 9 } });
  expect(consumer.table('sagas').get({ id: 'o-1' })).toMatchObject({
    step: 'reserving',
    version: 4,
    data: '{"totalMinor":9}',
  });
});

it('a saga that is too large fails before anything is written', async () => {
  const large = 'x'.repeat(240_000);
  const consumer = testConsumer(orders, handlers);
  await consumer.receive(placed);
  const item = consumer.table('sagas').get({ id: 'o-1' });
  const data = JSON.stringify({ totalMinor: 5, later: large + large });
  consumer.table('sagas').put({ ...item, data });
  const { error, effects } = await consumer.receive(reserved);
  expect(error?.message).toMatch(/saga o-1 would have \d+ bytes/);
  expect(effects).toEqual([]);
});

it('an event that names no saga is given up at once', async () => {
  const consumer = testConsumer(orders, handlers);
  const { outcome, error } = await consumer.receive({ ...placed, data: { orderId: '', totalMinor: 1 } });
  expect(outcome).toBe('deadLettered');
  expect(error?.message).toBe(
    'the shop.OrderPlaced names no saga of orders: correlate gives a text of 0 bytes, and a key has 1 to 1024 bytes',
  );
  const long = await consumer.receive({ ...placed, data: { orderId: 'o'.repeat(1_025), totalMinor: 1 } });
  expect(long.error?.message).toMatch(/a text of 1025 bytes/);
});

it('whatever goes wrong, each event has its effect once, in some order', async () => {
  const events = [placed, reserved, declined].map((event, index) => ({ ...event, id: `e-${index}` }));
  const { crashes } = await simulate(orders, handlers, { seeds: 40, events });
  expect(crashes).toBeGreaterThan(5);
}, 120_000);

it('an event that a transition changes fails: a transition that runs again would see the change', async () => {
  const changing = sagaHandlers(orders, {
    ...transitions,
    new: {
      ...transitions.new,
      'shop.OrderPlaced': ({ data }) => {
        Object.assign(data, { totalMinor: 6 });
      },
    },
  });
  const { outcome, error, effects } = await testConsumer(orders, changing).receive(placed);
  expect(outcome).toBe('retried');
  expect(error?.message).toMatch("Cannot assign to read only property 'totalMinor'");
  expect(effects).toEqual([]);
});

it.each(['Wait', null])('a cell that is %j is refused at start', (cell) => {
  const wrong = { ...transitions, paying: { ...transitions.paying, 'shop.PaymentAccepted': cell } };
  expect(() => sagaHandlers(orders, wrong as never)).toThrow(
    `saga 'orders' has ${JSON.stringify(cell)} for shop.PaymentAccepted in 'paying'; write a transition, 'ignore' or 'wait'`,
  );
});
