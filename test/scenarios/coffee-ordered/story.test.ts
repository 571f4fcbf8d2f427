import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { startLocal } from '../../../lib/local/start-local.ts';
import { deadLettersOf, eventually, itemsOf, recordOf } from '../../apps/client.ts';
import { synthesizeApp } from '../../apps/synthesize-app.ts';
import { barista } from './barista/consumer.ts';
import { payments } from './payments/consumer.ts';
import { pickup } from './pickup/consumer.ts';

const CUSTOMERS = ['ada', 'grace', 'edsger', 'barbara', 'alan'];
const ORDERS = 8;

const assemblyDirectory = synthesizeApp({
  base: import.meta.url,
  publishEntry: './publish.ts',
  // The bus keeps the order of what has the same partition key: here, of one customer.
  fifo: true,
  consumers: [payments, barista, pickup].map((definition) => ({
    definition,
    entry: `./${definition.name}/handler.ts`,
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

/** What the cashier types in for a customer, in one go; sent twice, as a cashier does who has seen no answer. */
async function takeOrders(customer: string): Promise<void> {
  const events = Array.from({ length: ORDERS }, (_, index) => ({
    specversion: '1.0',
    id: `${customer}-${index + 1}`,
    source: '/test',
    type: 'cafe.OrderTaken.v1',
    partitionkey: customer,
    data: { customer, order: index + 1, drink: 'flat white' },
  }));
  for (let time = 0; time < 2; time++) {
    const { status } = await fetch(`${local.apiUrl}/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents-batch+json' },
      body: JSON.stringify(events),
    });
    expect(status).toBe(202);
  }
}

/** What was called out for each customer, in the order of the calls. */
async function calls(): Promise<Record<string, number[]>> {
  const items = await itemsOf(local, 'Pickup', 'CallsTable');
  return Object.fromEntries(
    items.map(({ customer, orders }) => [customer?.S ?? '', (orders?.L ?? []).map(({ N }) => Number(N))]),
  );
}

it('the cashier takes the next order at once, whatever the barista is at', async () => {
  for (const customer of CUSTOMERS) await takeOrders(customer);
  const called = Object.values(await calls()).flat();
  expect(called.length).toBeLessThan(CUSTOMERS.length * ORDERS);
});

it('a customer whose card is not read holds up nobody else', async () => {
  const others = CUSTOMERS.filter((customer) => customer !== 'grace');
  await eventually('all others are served', async () => {
    const served = await calls();
    return others.every((customer) => served[customer]?.length === ORDERS);
  });
});

it('every coffee is made once and called out in the order in which it was ordered', async () => {
  await eventually('everything is through', () => local.isQuiet(), 60_000);
  const inOrder = Array.from({ length: ORDERS }, (_, index) => index + 1);
  expect(await calls()).toEqual(Object.fromEntries(CUSTOMERS.map((customer) => [customer, inOrder])));
  const made = (await itemsOf(local, 'Barista', 'CoffeesTable')).map((item) => Number(item.made?.N));
  expect(made).toEqual(Array(CUSTOMERS.length * ORDERS).fill(1));
  for (const stack of ['Payments', 'Barista', 'Pickup'])
    expect(await deadLettersOf(local, stack)).toEqual([]);
});

it('the card was read at the third attempt', async () => {
  expect(await recordOf(local, 'Payments', 'grace-1')).toMatchObject({ attempts: { N: '3' } });
});
