import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { startLocal } from '../../../lib/local/start-local.ts';
import { deadLettersOf, eventually, post } from '../../apps/client.ts';
import { type ExternalService, startExternalService } from '../../apps/external-service.ts';
import { synthesizeApp, type TestApp } from '../../apps/synthesize-app.ts';
import { billingV1, billingV2, warehouseV1, warehouseV2 } from './consumers.ts';

const oldWarehouse = { definition: warehouseV1, entry: './handlers/warehouse-v1.ts' };
const newWarehouse = { definition: warehouseV2, entry: './handlers/warehouse-v2.ts' };
const oldBilling = { definition: billingV1, entry: './handlers/billing-v1.ts' };
const newBilling = { definition: billingV2, entry: './handlers/billing-v2.ts' };
const known = {
  acknowledge: {
    id: 'Annotation::fanfare:doesNotTake:shop.OrderPlaced.v2',
    reason: 'Until billing is upgraded, the new producers publish both versions.',
  },
};

const directories: string[] = [];
function synthesize(publishEntry: string, consumers: TestApp['consumers']): string {
  const directory = synthesizeApp({ base: import.meta.url, publishEntry, consumers });
  directories.push(directory);
  return directory;
}

const before = synthesize('./handlers/publish-v1.ts', [oldWarehouse, oldBilling]);
const during = synthesize('./handlers/publish-v2.ts', [newWarehouse, { ...oldBilling, ...known }]);
const after = synthesize('./handlers/publish-v2.ts', [newWarehouse, newBilling]);

let warehouse: ExternalService;
let billing: ExternalService;
let local: LocalStack;

/** An old producer: it knows nothing of stores. */
async function placeOld(orderId: string): Promise<void> {
  const answer = await post(local, { id: orderId, type: 'shop.OrderPlaced.v1', data: { orderId } });
  expect(answer.status).toBe(202);
}

/** A new producer. */
async function placeNew(orderId: string): Promise<void> {
  const data = { orderId, channel: 'store' };
  const answer = await post(local, { id: orderId, type: 'shop.OrderPlaced.v2', data });
  expect(answer.status).toBe(202);
}

const allIsDone = () => eventually('everything is through', () => local.isQuiet());
const range = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${name}-${index}`);

beforeAll(async () => {
  [warehouse, billing] = await Promise.all([startExternalService(), startExternalService()]);
  local = await startLocal({
    assemblyDirectory: before,
    ports: { api: 0, aws: 0, dynamodb: 0 },
    environment: { WAREHOUSE: warehouse.url, BILLING: billing.url },
    log: () => undefined,
  });
});

afterAll(async () => {
  await local.stop();
  await Promise.all([warehouse.stop(), billing.stop()]);
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

it('before the change, everybody speaks the first version', async () => {
  await placeOld('first');
  await allIsDone();
  expect(warehouse.received).toEqual(['first']);
  expect(billing.received).toEqual(['first']);
});

it('a change that would leave a consumer behind is not synthesized until somebody says why', () => {
  expect(() => synthesize('./handlers/publish-v2.ts', [newWarehouse, oldBilling])).toThrow(
    'billing does not take shop.OrderPlaced.v2',
  );
});

it('a consumer is upgraded while old producers go on: it reads what they publish as the new version', async () => {
  let changing = true;
  let placed = 0;
  const producing = (async () => {
    while (changing || placed < 20) await placeOld(`flowing-${placed++}`);
  })();
  expect(await local.reload(during)).toEqual(
    expect.arrayContaining([expect.stringContaining('Warehouse'), expect.stringContaining('Publish')]),
  );
  changing = false;
  await producing;
  await placeOld('after-the-upgrade');
  await allIsDone();
  expect(warehouse.received).toContain('after-the-upgrade (web)');
  const orders = ['first', 'after-the-upgrade', ...range('flowing', placed)].toSorted();
  expect(billing.received.toSorted()).toEqual(orders);
  expect(warehouse.received.map((order) => order.replace(' (web)', '')).toSorted()).toEqual(orders);
});

it('a new producer that does not wait is heard by those who know the new version; the others never get it', async () => {
  await placeNew('too-soon');
  await allIsDone();
  expect(warehouse.received).toContain('too-soon (store)');
  expect(billing.received).not.toContain('too-soon');
  expect(await deadLettersOf(local, 'Billing')).toEqual([]);
});

it('a new producer that publishes both versions under one id loses nobody, and everybody acts once', async () => {
  const orders = range('both', 10);
  for (const order of orders) await Promise.all([placeNew(order), placeOld(order)]);
  await allIsDone();
  const heardBy = (service: ExternalService) => service.received.filter((order) => order.startsWith('both'));
  expect(heardBy(billing).toSorted()).toEqual(orders);
  expect(
    heardBy(warehouse)
      .map((order) => order.replace(/ \((web|store)\)/, ''))
      .toSorted(),
  ).toEqual(orders);
});

it('the last consumer is upgraded; what still waits for it in the old version is read by its new code', async () => {
  billing.up = false;
  const refused = billing.refused;
  await placeOld('waiting');
  await eventually('billing has tried', () => billing.refused > refused);
  expect(await local.reload(after)).toEqual([expect.stringContaining('Billing')]);
  billing.up = true;
  await placeNew('new');
  await placeOld('old');
  await allIsDone();
  expect(billing.received.slice(-3).toSorted()).toEqual(['new (store)', 'old (web)', 'waiting (web)']);
  for (const stack of ['Billing', 'Warehouse']) expect(await deadLettersOf(local, stack)).toEqual([]);
});

it('an old order that cannot be read as a new one is a dead letter at once, and says which step failed', async () => {
  await placeOld('fax');
  await allIsDone();
  const [letter, ...others] = await deadLettersOf(local, 'Warehouse');
  expect(others).toEqual([]);
  expect(JSON.parse(letter?.Body ?? '{}')).toMatchObject({ id: 'fax', type: 'shop.OrderPlaced.v1' });
  expect(letter?.MessageAttributes).toMatchObject({
    errorName: { StringValue: 'UnreadableEventError' },
    errorMessage: {
      StringValue: 'the upcast of shop.OrderPlaced.v1 to v2 threw: nobody knows the channel of a fax',
    },
  });
});
