import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { startLocal } from '../../../lib/local/start-local.ts';
import { deadLettersOf, eventually, itemsOf } from '../../apps/client.ts';
import { type FlakyProxy, startFlakyProxy } from '../../apps/flaky-proxy.ts';
import { synthesizeApp } from '../../apps/synthesize-app.ts';
import { InvoiceService } from './invoice-service.ts';
import { invoicing } from './invoicing/consumer.ts';
import { ledger } from './ledger/consumer.ts';
import { popularity } from './popularity/consumer.ts';

const LISTINGS = 40;
/** Every listing is viewed nine times and then sold: 400 events. */
const EVENTS_PER_LISTING = 10;
/** A request with ten events every 80 ms: 125 events a second. */
const PACE_MS = 80;
const PER_SECOND = 5;

const assemblyDirectory = synthesizeApp({
  base: import.meta.url,
  publishEntry: './publish.ts',
  consumers: [invoicing, ledger, popularity].map((definition) => ({
    definition,
    entry: `./${definition.name}/handler.ts`,
  })),
});
const service = new InvoiceService();
let network: FlakyProxy;
let local: LocalStack;

beforeAll(async () => {
  await service.start();
  network = await startFlakyProxy();
  local = await startLocal({
    assemblyDirectory,
    ports: { api: 0, aws: 0, dynamodb: 0 },
    environment: {
      AWS_ENDPOINT_URL_DYNAMODB: network.urlOf('dynamodb'),
      AWS_ENDPOINT_URL_SNS: network.urlOf('aws'),
      AWS_ENDPOINT_URL_SQS: network.urlOf('aws'),
      INVOICE_SERVICE: network.urlOf('invoices'),
    },
    log: () => undefined,
  });
  network.connect('dynamodb', local.dynamodbEndpoint);
  network.connect('aws', local.awsEndpoint);
  network.connect('invoices', service.url);
  network.connect('api', local.apiUrl);
});

afterAll(async () => {
  await local.stop();
  await network.stop();
  await service.stop();
  rmSync(assemblyDirectory, { recursive: true, force: true });
});

const listings = Array.from({ length: LISTINGS }, (_, index) => `listing-${index + 1}`);

function eventsOf(listingId: string): object[] {
  return Array.from({ length: EVENTS_PER_LISTING }, (_, index) => ({
    specversion: '1.0',
    id: `${listingId}-${index}`,
    source: '/market',
    type: index < EVENTS_PER_LISTING - 1 ? 'market.ListingViewed.v1' : 'market.ListingSold.v1',
    data: { listingId },
  }));
}

/** A client that tries again when it has no answer: its events have ids, so that they stay the same events. */
async function publish(events: readonly object[]): Promise<number> {
  for (;;) {
    try {
      const { status } = await fetch(`${network.urlOf('api')}/events`, {
        method: 'POST',
        headers: { 'content-type': 'application/cloudevents-batch+json' },
        body: JSON.stringify(events),
      });
      return status;
    } catch {
      // The network has lost the request or its answer; which, nobody can tell.
    }
  }
}

/** Sends every listing's events in time, whatever has become of those before. */
async function publishAll(): Promise<number[]> {
  const answers: Promise<number>[] = [];
  for (const listing of listings) {
    answers.push(publish(eventsOf(listing)));
    await sleep(PACE_MS);
  }
  return Promise.all(answers);
}

async function effectsIn(stack: string, table: string, attribute = 'effects'): Promise<Map<string, number>> {
  const items = await itemsOf(local, stack, table);
  return new Map(items.map((item) => [item.listingId?.S ?? '', Number(item[attribute]?.N)]));
}

const invoiceNumbersIn = async (stack: string, table: string): Promise<(string | undefined)[]> =>
  (await itemsOf(local, stack, table)).map(({ invoiceNumber }) => invoiceNumber?.S).toSorted();

it('A publishes at its own pace while B is slow and then down; no other consumer notices', async () => {
  const publishing = publishAll();
  // Among the first ten calls is one whose answer is lost: B will be asked for that invoice again.
  await eventually('B has begun', () => service.calls.length >= 10 && network.lost('invoices') > 0);
  await service.stop();
  expect(await publishing).toEqual(listings.map(() => 202));
  await eventually('popularity has counted everything', async () => {
    const counts = await effectsIn('Popularity', 'CountsTable', 'events');
    return listings.every((listing) => counts.get(listing) === EVENTS_PER_LISTING);
  });
  await eventually('B has been called in vain', () => network.refused('invoices') >= 3);
  expect(service.issued.size).toBeLessThan(LISTINGS);
});

it('B comes back and catches up: every sale has had its effect once, and A has B’s result', async () => {
  await service.start();
  await eventually('everything is through', () => local.isQuiet(), 60_000);

  const once = new Map(listings.map((listing) => [listing, 1]));
  expect(await effectsIn('Invoicing', 'InvoicesTable')).toEqual(once);
  expect(await effectsIn('Ledger', 'EntriesTable')).toEqual(once);
  const numbers = [...service.issued.values()].toSorted();
  expect(numbers).toHaveLength(LISTINGS);
  expect(await invoiceNumbersIn('Invoicing', 'InvoicesTable')).toEqual(numbers);
  expect(await invoiceNumbersIn('Ledger', 'EntriesTable')).toEqual(numbers);
  for (const stack of ['Invoicing', 'Ledger', 'Popularity'])
    expect(await deadLettersOf(local, stack)).toEqual([]);
}, 70_000);

it('B was never called faster than five times a second', () => {
  const begun = service.calls.map(({ begunAt }) => begunAt).toSorted((a, b) => a - b);
  for (const [index, at] of begun.slice(PER_SECOND).entries())
    expect(at - (begun[index] ?? 0)).toBeGreaterThanOrEqual(1_000);

  // A call that was long on its way comes closer to the next one: by no more than the network's own jitter.
  const latencies = service.calls.map(({ begunAt, arrivedAt }) => arrivedAt - begunAt);
  const jitter = Math.max(...latencies) - Math.min(...latencies);
  const arrived = service.calls.map(({ arrivedAt }) => arrivedAt);
  for (const [index, at] of arrived.slice(PER_SECOND).entries())
    expect(at - (arrived[index] ?? 0)).toBeGreaterThanOrEqual(1_000 - jitter);
});

it('the network lost calls on every way, and B was asked again for an invoice that it had issued', () => {
  for (const target of ['api', 'aws', 'dynamodb', 'invoices'])
    expect(network.lost(target), target).toBeGreaterThan(0);
  expect(service.calls.length).toBeGreaterThan(LISTINGS);
});
