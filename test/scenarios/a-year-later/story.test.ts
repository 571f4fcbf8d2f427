import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { startLocal } from '../../../lib/local/start-local.ts';
import { eventually, itemsOf, post } from '../../apps/client.ts';
import { synthesizeApp } from '../../apps/synthesize-app.ts';
import { billing } from './billing/consumer.ts';
import { recommendations } from './recommendations/consumer.ts';

const synthesize = (...consumers: readonly { readonly name: string }[]) =>
  synthesizeApp({
    base: import.meta.url,
    publishEntry: './publish.ts',
    consumers: [billing, recommendations]
      .filter((one) => consumers.includes(one))
      .map((definition) => ({ definition, entry: `./${definition.name}/handler.ts` })),
  });
const before = synthesize(billing);
const after = synthesize(billing, recommendations);
const folder = mkdtempSync(join(tmpdir(), 'fanfare-a-year-later-'));

let local: LocalStack;

beforeAll(async () => {
  local = await startLocal({
    assemblyDirectory: before,
    ports: { api: 0, aws: 0, dynamodb: 0 },
    log: () => undefined,
  });
});

afterAll(async () => {
  await local.stop();
  for (const directory of [before, after, folder]) rmSync(directory, { recursive: true, force: true });
});

/** The command line, as somebody would type it. */
async function fanfare(...args: readonly string[]): Promise<string> {
  const env = {
    ...process.env,
    NO_COLOR: '1',
    FANFARE_AWS_PORT: new URL(local.awsEndpoint).port,
    FANFARE_DYNAMODB_PORT: new URL(local.dynamodbEndpoint).port,
  };
  const { stdout } = await promisify(execFile)(process.execPath, ['lib/cli/fanfare.ts', ...args], { env });
  return stdout;
}

/** Places an order in a version of the contract, as the shop of that time did. */
async function place(version: 1 | 2 | 3, orderId: string, customerId: string): Promise<void> {
  const data = {
    orderId,
    customerId,
    sku: 'kettle',
    ...(version >= 2 && { quantity: 2 }),
    ...(version === 3 && { channel: 'store' }),
  };
  const answer = await post(local, { id: orderId, type: `shop.OrderPlaced.v${version}`, data });
  expect(answer.status).toBe(202);
}

/** What a consumer knows of each order. */
async function known(stack: string, table: string): Promise<Record<string, string>> {
  const items = await itemsOf(local, stack, table);
  return Object.fromEntries(
    items.map(({ orderId, quantity, channel, orders }) => [
      orderId?.S ?? '',
      `${orders?.N}: ${quantity?.N} ${channel?.S}`,
    ]),
  );
}

const OLD = {
  'a-1': '1: 1 web',
  'b-1': '1: 1 web',
  'a-2': '1: 2 web',
  'b-2': '1: 2 web',
  'b-3': '1: 2 store',
};
const OF_BOB = Object.fromEntries(Object.entries(OLD).filter(([orderId]) => orderId.startsWith('b')));

it('over a year, orders are placed in three versions of the contract', async () => {
  for (const version of [1, 2] as const) {
    for (const customer of ['ada', 'bob']) await place(version, `${customer.at(0)}-${version}`, customer);
  }
  await place(3, 'b-3', 'bob');
  await eventually('everything is through', () => local.isQuiet());
  expect(await known('Billing', 'BillsTable')).toEqual(OLD);
  const archived = await fanfare('events', '--json');
  expect(archived.match(/"id":"[ab]-\d"/g)).toHaveLength(5);
});

it('a customer asks to be forgotten, and nothing of her is left', async () => {
  const report = join(folder, 'report.json');
  await fanfare(
    'erase',
    ...['--subject', 'ada', '--yes', '--report', report, '--events', join(import.meta.dirname, 'contracts')],
  );
  expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({ left: [], unknown: [] });
  const archived = await fanfare('events', '--json');
  expect(archived).not.toContain('"ada"');
  expect(archived).toContain('"bob"');
});

it('a new service reads every other order that was ever placed, while new ones arrive, each once', async () => {
  let starting = true;
  let placed = 0;
  const producing = (async () => {
    while (starting || placed < 10) await place(3, `new-${placed++}`, 'eve');
  })();
  expect(await local.reload(after)).toEqual([expect.stringContaining('Recommendations')]);
  starting = false;
  await producing;
  const fresh = Object.fromEntries(Array.from({ length: placed }, (_, no) => [`new-${no}`, '1: 2 store']));
  await eventually(
    'it has learned from all of them',
    async () => Object.keys(await known('Recommendations', 'LearnedTable')).length === 3 + placed,
    60_000,
  );
  expect(await known('Recommendations', 'LearnedTable')).toEqual({ ...OF_BOB, ...fresh });
  expect(await known('Billing', 'BillsTable')).toEqual({ ...OLD, ...fresh });
}, 150_000);
