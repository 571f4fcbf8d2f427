import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLocalConsole } from '../../lib/cli/open-local-console.ts';
import type { RunningConsole } from '../../lib/console/start-console.ts';
import { type Rig, startRig } from '../integration/ops/rig.ts';
import { minutesAgo, putRaw, putSaga, startSagaRig } from '../integration/ops/saga-rig.ts';
import { startBrowser } from './start-browser.ts';

/** Screenshots are taken with every run, and kept in docs/ when they are asked for. */
const SCREENSHOTS = process.env.FANFARE_SCREENSHOTS ?? mkdtempSync(join(tmpdir(), 'fanfare-screenshots-'));

let rig: Rig;
let console: RunningConsole;
let browser: Browser;
let page: Page;
const problems: string[] = [];

beforeAll(async () => {
  rig = await startSagaRig();
  console = await openLocalConsole(rig.local, { contracts: [], port: 0 });
  browser = await startBrowser();
  page = await browser.newPage({ viewport: { width: 1_200, height: 800 } });
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.goto(console.signInUrl);
  await page.getByRole('heading', { name: 'Bus', level: 1 }).waitFor();
}, 90_000);

afterAll(async () => {
  await browser.close();
  await console.stop();
  await rig.stop();
});

const all = () => page.getByRole('list', { name: 'Sagas', exact: true });
const links = () => all().getByRole('link').allTextContents();
const counts = () =>
  page.getByRole('list', { name: 'Sagas by step' }).getByRole('listitem').allTextContents();

async function seriousViolations(): Promise<readonly string[]> {
  const { violations } = (await page.evaluate(`${axe.source}; axe.run()`)) as axe.AxeResults;
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  return serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** What a narrow screen would cut off. */
async function overflow(): Promise<number> {
  await page.setViewportSize({ width: 360, height: 740 });
  const width: number = await page.evaluate(() => document.documentElement.scrollWidth);
  const violations = await seriousViolations();
  await page.setViewportSize({ width: 1_200, height: 800 });
  expect(violations).toEqual([]);
  return width - 360;
}

describe('the view of sagas', () => {
  it('lists those that run, the oldest first, and counts each step', async () => {
    await putSaga(rig, { id: 'order-2', startedAt: minutesAgo(50) });
    await putSaga(rig, { id: 'order/1 <b>', startedAt: minutesAgo(90) });
    await putSaga(rig, { id: 'done', step: 'shipped', startedAt: minutesAgo(95), endedAt: minutesAgo(30) });
    await putSaga(rig, { id: 'back', consumer: 'returns', step: 'arriving', startedAt: minutesAgo(70) });
    await page.getByRole('link', { name: 'Sagas' }).press('Enter');
    await page.getByText(/^3 sagas\. Read at/).waitFor();
    expect(await links()).toEqual(['order/1 <b>', 'back', 'order-2']);
    expect(await counts()).toEqual(['orders: paying 2', 'orders: shipped (ended) 1', 'returns: arriving 1']);
    expect(await seriousViolations()).toEqual([]);
    expect(await overflow()).toBeLessThanOrEqual(0);
    await page.screenshot({ path: join(SCREENSHOTS, 'console-sagas.png') });
  });

  it('shows those of a step and of a consumer, and also those that have ended', async () => {
    await page.getByLabel('Only those that run').press('Space');
    await page.getByText(/^4 sagas\./).waitFor();
    expect(await links()).toEqual(['order/1 <b>', 'back', 'order-2', 'done']);
    await page.getByLabel('Step', { exact: true }).selectOption('shipped');
    await page.getByText(/^1 saga\./).waitFor();
    expect(await links()).toEqual(['done']);
    await page.getByLabel('Consumer', { exact: true }).selectOption('returns');
    await all().getByRole('link', { name: 'back' }).waitFor();
    expect([await links(), await page.getByLabel('Step', { exact: true }).inputValue()]).toEqual([
      ['back'],
      '',
    ]);
    expect(await page.getByLabel('Step', { exact: true }).getByRole('option').allTextContents()).toEqual([
      'Any',
      'arriving',
    ]);
  });

  it('reads again when it is asked for, and names an item that is no saga', async () => {
    await putRaw(rig, 'returns', { id: { S: 'foreign' } });
    await page.getByRole('button', { name: 'Read again' }).press('Enter');
    await page.getByText('The saga foreign of returns cannot be read: item foreign').waitFor();
    expect(await links()).toEqual(['back']);
  });
});

describe('the steps of a saga', () => {
  it('are drawn over time, with the time between them, the time-out and the data', async () => {
    await putSaga(rig, {
      id: 'order/1 <b>',
      startedAt: minutesAgo(90),
      timeouts: { 'shop.PaymentTimedOut': { id: 't', at: minutesAgo(-600) } },
      undo: [{ event: 'shop.StockReturnRequested', data: { sku: '<i>tea</i>' } }],
    });
    await page.getByLabel('Consumer', { exact: true }).selectOption('orders');
    await all().getByRole('link', { name: 'order/1 <b>' }).press('Enter');
    await page.getByRole('heading', { name: 'Saga order/1 <b>', level: 1 }).waitFor();
    const steps = page.getByRole('list', { name: 'Steps' }).getByRole('listitem');
    await steps.first().waitFor();
    const texts = await steps.allTextContents();
    expect(texts).toHaveLength(4);
    expect(texts[0]).toMatch(/^reserving from new.*Z by shop\.OrderPlaced$/);
    expect(texts[1]).toMatch(/^60 min laterpaying from reserving.*Z by shop\.StockReserved$/);
    expect(texts[2]).toMatch(/^It runs: in paying, last moved 3\d min ago\.$/);
    expect(texts[3]).toMatch(/^Time-out shop\.PaymentTimedOut, .*Z: in 10 h\.$/);
    await page.getByText('"sku": "<i>tea</i>"').waitFor();
    await page.getByText('"totalMinor": 250').waitFor();
    expect(await page.getByRole('link', { name: 'Trace all' }).getAttribute('href')).toBe(
      `#/trace/${encodeURIComponent('cause-of-order/1 <b>')}`,
    );
    expect(await seriousViolations()).toEqual([]);
    expect(await overflow()).toBeLessThanOrEqual(0);
    await page.screenshot({ path: join(SCREENSHOTS, 'console-saga.png') });
  });

  it('are read again when it is asked for: the saga has ended meanwhile', async () => {
    const history = [{ at: minutesAgo(10), event: 'shop.PaymentAccepted', step: 'shipped' }];
    const end = { step: 'shipped', endedAt: minutesAgo(10), updatedAt: minutesAgo(10), history };
    await putSaga(rig, { id: 'order/1 <b>', startedAt: minutesAgo(90), ...end });
    await page.getByRole('button', { name: 'Read again' }).press('Enter');
    await page.getByText(/^It has ended as shipped, .*Z\.$/).waitFor();
    await page.getByText('Only the last moves are kept; it had others before.').waitFor();
    await page.getByText('Nothing is registered.').waitFor();
    await page.getByRole('link', { name: 'All sagas of orders' }).press('Enter');
    await page.getByText(/^1 saga\./).waitFor();
    expect([await links(), await page.getByLabel('Consumer', { exact: true }).inputValue()]).toEqual([
      ['order-2'],
      'orders',
    ]);
  });
});

it('has complained of nothing', () => {
  expect(problems).toEqual([]);
});

describe('what is not there', () => {
  it('is told: a saga, and a consumer that is none', async () => {
    await page.goto(`${console.url}/#/sagas/orders/nobody`);
    await page.getByText("orders has no saga 'nobody'").waitFor();
    await page.goto(`${console.url}/#/sagas/email`);
    await page.getByText("the consumer 'email' is no saga; these are: orders, returns").waitFor();
  });

  it('has no view: where no consumer is a saga', async () => {
    const none = await startRig();
    const other = await openLocalConsole(none.local, { contracts: [], port: 0 });
    const tab = await browser.newPage();
    await tab.goto(other.signInUrl);
    await tab.getByRole('link', { name: 'Events' }).waitFor();
    expect(await tab.getByRole('link', { name: 'Sagas' }).count()).toBe(0);
    await tab.close();
    await other.stop();
    await none.stop();
  });
});
