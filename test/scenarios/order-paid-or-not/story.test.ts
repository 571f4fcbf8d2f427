import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readSagaItem, type SagaItem } from '../../../lib/contracts/saga/saga-item.ts';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { startLocal } from '../../../lib/local/start-local.ts';
import { deadLettersOf, eventually, itemsOf, post } from '../../apps/client.ts';
import { synthesizeApp } from '../../apps/synthesize-app.ts';
import { runFanfare } from '../../integration/ops/run-fanfare.ts';
import { customers } from './customers/consumer.ts';
import { orders } from './orders/consumer.ts';
import { payments } from './payments/consumer.ts';
import { shipping } from './shipping/consumer.ts';
import { OPENING_STOCK, stock } from './stock/consumer.ts';

const TOTAL_MINOR = 250;
const QUANTITY = 2;

const assemblyDirectory = synthesizeApp({
  base: import.meta.url,
  publishEntry: './publish.ts',
  consumers: [orders, stock, payments, shipping, customers].map((definition) => ({
    definition,
    entry: `./${definition.name}/handler.ts`,
    ...(definition === payments && {
      acknowledge: {
        id: 'Annotation::fanfare:forgeable:shop.PaymentAccepted',
        reason: 'a customer may have paid elsewhere',
      },
    }),
  })),
});
let local: LocalStack;

beforeAll(async () => {
  local = await startLocal({
    assemblyDirectory,
    ports: { api: 0, aws: 0, dynamodb: 0 },
    log: () => undefined,
  });
});

afterAll(async () => {
  await local.stop();
  rmSync(assemblyDirectory, { recursive: true, force: true });
});

/** Places an order, twice, as a client does that has seen no answer. */
async function place(orderId: string, card: string, quantity = QUANTITY): Promise<void> {
  const data = { orderId, sku: 'tea', quantity, totalMinor: TOTAL_MINOR, card };
  for (let time = 0; time < 2; time++) {
    const { status } = await post(local, { id: orderId, type: 'shop.OrderPlaced.v1', data });
    expect(status).toBe(202);
  }
}

const sagas = async (): Promise<ReadonlyMap<string, SagaItem>> =>
  new Map(
    (await itemsOf(local, 'Orders', 'SagasTable')).map((item) => [String(item.id?.S), readSagaItem(item)]),
  );

const stepsOf = async (orderId: string): Promise<readonly (readonly [event: string, step: string])[]> =>
  (await sagas()).get(orderId)?.history.map(({ event, step }) => [event, step]) ?? [];

const ended = (orderId: string, end: string): Promise<void> =>
  eventually(`${orderId} is ${end}`, async () => (await sagas()).get(orderId)?.step === end, 30_000);

it('an order whose payment is accepted is shipped', async () => {
  await place('paid', 'good');
  await ended('paid', 'shipped');
  expect(await stepsOf('paid')).toEqual([
    ['shop.OrderPlaced', 'reserving'],
    ['shop.StockReserved', 'paying'],
    ['shop.PaymentAccepted', 'shipped'],
  ]);
});

it('an order whose payment is declined gives its goods back', async () => {
  await place('declined', 'declined');
  await ended('declined', 'cancelled');
  expect(await stepsOf('declined')).toEqual([
    ['shop.OrderPlaced', 'reserving'],
    ['shop.StockReserved', 'paying'],
    ['shop.PaymentDeclined', 'cancelled'],
  ]);
});

it('an order whose bank is silent is cancelled when its time is over', async () => {
  await place('silent', 'silent');
  await ended('silent', 'cancelled');
  expect((await stepsOf('silent')).at(-1)).toEqual(['shop.PaymentTimedOut', 'cancelled']);
});

it('a payment that comes after the time-out is given back', async () => {
  await place('late', 'late');
  await eventually(
    'the payment has come and was answered',
    async () => (await stepsOf('late')).at(-1)?.[0] === 'shop.PaymentAccepted',
    30_000,
  );
  expect((await stepsOf('late')).slice(-2)).toEqual([
    ['shop.PaymentTimedOut', 'cancelled'],
    ['shop.PaymentAccepted', 'cancelled'],
  ]);
});

it('a payment that comes before its order waits for it', async () => {
  const data = { orderId: 'prepaid', totalMinor: TOTAL_MINOR };
  expect((await post(local, { id: 'p-1', type: 'shop.PaymentAccepted.v1', data })).status).toBe(202);
  await place('prepaid', 'prepaid');
  await ended('prepaid', 'shipped');
  expect((await stepsOf('prepaid')).at(-1)).toEqual(['shop.PaymentAccepted', 'shipped']);
});

it('an order of more than there is is cancelled, and nothing was ever paid', async () => {
  await place('too-much', 'good', OPENING_STOCK);
  await ended('too-much', 'cancelled');
});

it('each order is shipped, or its customer is told why not; and stock and money add up', async () => {
  const texts = async (stack: string, table: string, name: string) =>
    (await itemsOf(local, stack, table)).map((item) => [item.orderId?.S, item[name]?.S ?? item[name]?.N]);
  const reserved = async (): Promise<number> =>
    Number((await itemsOf(local, 'Stock', 'StockTable'))[0]?.reserved?.N);
  await eventually('all that the sagas have asked for is done', async () => {
    const told = await itemsOf(local, 'Customers', 'MessagesTable');
    const shipped = await itemsOf(local, 'Shipping', 'ShipmentsTable');
    const paid = await texts('Payments', 'PaymentsTable', 'paidMinor');
    const isGivenBack = paid.some(([orderId, minor]) => orderId === 'late' && minor === '0');
    return told.length === 4 && shipped.length === 2 && isGivenBack && (await reserved()) === 2 * QUANTITY;
  });
  expect((await texts('Shipping', 'ShipmentsTable', 'sku')).toSorted()).toEqual([
    ['paid', 'tea'],
    ['prepaid', 'tea'],
  ]);
  expect((await texts('Customers', 'MessagesTable', 'text')).toSorted()).toEqual([
    ['declined', 'Your order has come to nothing: payment declined.'],
    ['late', 'Your order has come to nothing: payment timed out.'],
    ['silent', 'Your order has come to nothing: payment timed out.'],
    ['too-much', 'Your order has come to nothing: sold out.'],
  ]);
  expect((await texts('Payments', 'PaymentsTable', 'paidMinor')).toSorted()).toEqual([
    ['late', '0'],
    ['paid', String(TOTAL_MINOR)],
  ]);
  expect(await reserved()).toBe(2 * QUANTITY);
  for (const stack of ['Orders', 'Stock', 'Payments', 'Shipping', 'Customers'])
    expect(await deadLettersOf(local, stack)).toEqual([]);
});

it('a saga that has ended says when it is removed, and no time-out is left', async () => {
  for (const saga of (await sagas()).values()) {
    expect(saga.timeouts).toEqual({});
    const { endedAt = '', expiresAt } = saga;
    expect(expiresAt).toBe(Math.floor(Date.parse(endedAt) / 1000) + 90 * 86_400);
  }
});

it('the command line shows how many orders have come to which end, and the steps of each', async () => {
  const list = await runFanfare(local, ['saga', 'list', '--json']);
  expect(list).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(list.stdout).data.counts).toEqual([
    { consumer: 'orders', step: 'cancelled', isEnd: true, count: 4 },
    { consumer: 'orders', step: 'shipped', isEnd: true, count: 2 },
  ]);
  const show = await runFanfare(local, ['saga', 'show', 'orders', 'late', '--json']);
  const { steps, endedAt, updatedAt, undo, data } = JSON.parse(show.stdout).data;
  expect(steps.map(({ from, to, event }: Record<string, string>) => `${from} -> ${to} by ${event}`)).toEqual([
    'new -> reserving by shop.OrderPlaced',
    'reserving -> paying by shop.StockReserved',
    'paying -> cancelled by shop.PaymentTimedOut',
    'cancelled -> cancelled by shop.PaymentAccepted',
  ]);
  expect(Date.parse(updatedAt)).toBeGreaterThan(Date.parse(endedAt));
  expect([undo, data.totalMinor]).toEqual([[], TOTAL_MINOR]);
});
