import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLocalConsole } from '../../lib/cli/open-local-console.ts';
import type { RunningConsole } from '../../lib/console/start-console.ts';
import type { LocalStack } from '../../lib/local/local-stack.ts';
import { startLocal } from '../../lib/local/start-local.ts';
import { eventually, post } from '../apps/client.ts';
import { createApp } from '../apps/orders/app.ts';
import * as events from '../apps/orders/events/index.ts';
import { overrideMaxReceiveCount } from '../apps/override-max-receive-count.ts';
import { startBrowser } from './start-browser.ts';

/** Screenshots are taken with every run, and kept in docs/ when they are asked for. */
const SCREENSHOTS = process.env.FANFARE_SCREENSHOTS ?? mkdtempSync(join(tmpdir(), 'fanfare-screenshots-'));
const VIEWS = ['bus', 'events', 'dead-letters', 'publish', 'archive', 'scheduled', 'mail', 'faults'];

const assemblyDirectory = mkdtempSync(join(tmpdir(), 'fanfare-console-'));
let local: LocalStack;
let console: RunningConsole;
let browser: Browser;
let page: Page;
const problems: string[] = [];

beforeAll(async () => {
  createApp({ outdir: assemblyDirectory }).synth();
  overrideMaxReceiveCount(assemblyDirectory, 'shop-dev-Analytics');
  local = await startLocal({
    assemblyDirectory,
    ports: { api: 0, aws: 0, dynamodb: 0 },
    log: () => undefined,
  });
  console = await openLocalConsole(local, { contracts: Object.values(events), port: 0 });
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
  await local.stop();
  rmSync(assemblyDirectory, { recursive: true, force: true });
});

const open = (view: string): Promise<unknown> => page.goto(`${console.url}/#/${view}`);
const screenshot = (name: string): Promise<Buffer> =>
  page.screenshot({ path: join(SCREENSHOTS, `console-${name}.png`) });
const consumer = (name: string) =>
  page.locator('.spine li', { has: page.getByRole('heading', { name, exact: true }) });

/** What a person with another screen or without a mouse could not use. */
async function seriousViolations(): Promise<readonly string[]> {
  const { violations } = (await page.evaluate(`${axe.source}; axe.run()`)) as axe.AxeResults;
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  return serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

describe('the console, from a broken consumer to its redriven events', () => {
  const lines = [{ sku: 'sku-1', quantity: 1 }];

  it('breaks a consumer on purpose', async () => {
    await post(local, {
      type: 'shop.StockReceived.v1',
      data: { deliveryId: 'd', lines: [{ sku: 'sku-1', quantity: 99 }] },
    });
    await open('faults');
    await page.getByRole('group', { name: 'analytics' }).getByRole('button', { name: 'Fail' }).click();
    await page.getByText('analytics is broken: fail.').waitFor();
    const data = {
      orderId: 'order-9',
      customerId: 'c',
      email: 'ada@example.com',
      currency: 'EUR',
      totalMinor: 1,
      lines,
    };
    expect(await post(local, { id: 'o-9', type: 'shop.OrderPlaced.v1', data })).toMatchObject({
      status: 202,
    });
  });

  it('publishes an event from the form, with the example that is filled in', async () => {
    await open('publish');
    await page.getByLabel('Event', { exact: true }).selectOption('shop.StockReceived.v1');
    expect(await page.getByLabel('Data').inputValue()).toContain('"sku": "sku-1"');
    await screenshot('publish');
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByText('Published. Its trace:').waitFor();
    await page.getByLabel('Data').fill('{"deliveryId":1}');
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByText('/data/deliveryId').waitFor();
  });

  it('sends data as it was typed, so that what would be altered is named', async () => {
    await open('publish');
    await page.getByLabel('Event', { exact: true }).selectOption('shop.StockReceived.v1');
    await page
      .getByLabel('Data')
      .fill('{"deliveryId":"d","lines":[{"sku":"s","quantity":9007199254740993}]}');
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByText('/data/lines/0/quantity is a number that JavaScript would change').waitFor();
    await page.getByLabel('Data').fill('{"deliveryId":"d","deliveryId":"e"}');
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByText('/data/deliveryId is in its object more than once').waitFor();
  });

  it('shows an event as it passes', async () => {
    await open('events');
    await post(local, { id: 'seen', type: 'shop.StockReceived.v1', data: { deliveryId: 'e', lines } });
    await page.getByRole('link', { name: 'seen', exact: true }).waitFor();
  });

  it('tells the story of an order, from the request to the shipment', async () => {
    await open('trace/o-9');
    await page.getByText('shop.ShipmentCreated.v1').waitFor();
    for (const name of ['email', 'inventory', 'shipping']) {
      await page.locator('.trace li', { hasText: new RegExp(`^${name} completed`) }).waitFor();
    }
    // A commit is tried again until its handler's time is over, half a minute.
    await page.getByText('this request fails on purpose: a fault is on').waitFor({ timeout: 60_000 });
    await screenshot('trace');
  }, 120_000);

  it('finds an event in the archive, and shows it whole', async () => {
    await open('archive');
    await page.getByLabel('Filter policy').fill('{"data":{"orderId":["order-9"]}}');
    await page.getByLabel('Type').fill('shop.OrderPlaced');
    const found = page.getByRole('row', { name: /shop\.OrderPlaced\.v1 o-9/ });
    await eventually('it is archived', async () => {
      await page.getByRole('button', { name: 'Search' }).click();
      await page.getByText('The archive is complete up to').or(page.getByText('is not known')).waitFor();
      return (await found.count()) === 1;
    });
    await found.locator('summary').click();
    await found.getByText('"customerId": "c"').waitFor();
    await screenshot('archive');
    await page.getByLabel('Filter policy').fill('{"data":{"orderId":"order-9"}}');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByText("'data.orderId' must be a list").waitFor();
  });

  it('replays an event that was found, when its plan was seen and confirmed', async () => {
    await open('archive');
    await page.getByLabel('Filter policy').fill('');
    await page.getByRole('button', { name: 'Search' }).click();
    const found = page.getByRole('row', { name: /shop\.OrderPlaced\.v1 o-9/ });
    await found.locator('summary').click();
    await found.getByRole('button', { name: 'Replay from here ...' }).press('Enter');
    const form = page.getByRole('dialog', { name: 'Replay', exact: true });
    await form.getByText('Only events with type shop.OrderPlaced').waitFor();
    await form.getByLabel(/^Consumer/).selectOption('email');
    const warning = /mail is sent again/;
    await form.getByLabel('Again: it acts').check();
    await form.getByText(warning).waitFor();
    await form.getByRole('button', { name: 'Show the plan' }).press('Enter');
    const plan = page.getByRole('dialog', { name: 'Replay to email?' });
    await plan.getByText(/^\d+ events? in 1 object; at most so many are sent/).waitFor();
    await plan.getByText(warning).waitFor();
    await plan.getByRole('button', { name: 'Act on all of it again' }).waitFor();
    await page.keyboard.press('Escape');
    expect(await page.locator('.replays li').count()).toBe(0);
    await form.getByLabel('Fill: it acts').check();
    expect(await form.getByText(warning).isVisible()).toBe(false);
    await form.getByRole('button', { name: 'Show the plan' }).press('Enter');
    await plan.getByText(/^At 100 a second it takes .* dollars/).waitFor();
    await plan.getByRole('button', { name: 'Start the replay' }).press('Enter');
    await page.getByText(/to email has started/).waitFor();
    const replay = page.locator('.replays li', { hasText: 'to email (fill)' });
    await replay.getByText('done', { exact: true }).waitFor();
    await replay.getByText(/1 sent/).waitFor();
    expect(await replay.getByRole('button').count()).toBe(0);
  });

  it('pauses a replay, goes on with it and cancels it, and says why one is refused', async () => {
    await open('archive');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('button', { name: 'Replay these ...' }).click();
    const form = page.getByRole('dialog', { name: 'Replay', exact: true });
    expect(await seriousViolations()).toEqual([]);
    await form.getByLabel(/^Consumer/).selectOption('shipping');
    await form.getByLabel('Arrived since').fill('yesterday');
    await form.getByRole('button', { name: 'Show the plan' }).click();
    await form.getByText("'yesterday' is no time").waitFor();
    await form.getByLabel('Arrived since').fill('1h');
    await form.getByRole('button', { name: 'Show the plan' }).click();
    await form.getByText("shipping does not take 'shop.OrderPlaced'").waitFor();
    await form.getByLabel(/^Consumer/).selectOption('inventory');
    await screenshot('replay');
    // It has not passed, so the replay does not end by itself.
    await form.getByLabel('Arrived before').fill('2099-01-01');
    await form.getByRole('button', { name: 'Show the plan' }).click();
    await page.getByRole('button', { name: 'Start the replay' }).click();
    const replay = page.locator('.replays li', { hasText: 'to inventory (fill)' });
    await replay.getByRole('button', { name: /^Pause replay/ }).press('Enter');
    await replay.getByText('paused', { exact: true }).waitFor();
    await page.keyboard.press('Enter');
    await replay.getByRole('button', { name: /^Pause replay/ }).waitFor();
    await replay.getByRole('button', { name: /^Cancel replay/ }).press('Enter');
    await page.getByRole('dialog').getByText('What was sent stays sent.').waitFor();
    await page.getByRole('button', { name: 'Cancel the replay' }).click();
    await replay.getByText('cancelled', { exact: true }).waitFor();
  });

  it('lists an event that comes later, and cancels it when that is confirmed', async () => {
    const deliverat = new Date(Date.now() + 30 * 86_400_000).toISOString();
    const later = { type: 'shop.StockReceived.v1', deliverat, data: { deliveryId: 'later', lines } };
    expect(await post(local, { ...later, id: 'later' })).toMatchObject({ status: 202 });
    await open('scheduled');
    const item = page.locator('main li', { hasText: 'id later' });
    await eventually('it is listed', async () => {
      await page.getByRole('button', { name: 'Read again' }).click();
      return (await item.count()) === 1;
    });
    expect(await item.textContent()).toContain(`shop.StockReceived.v1 ${deliverat.slice(0, 10)}`);
    await screenshot('scheduled');
    const cancel = page.getByRole('button', { name: 'Cancel shop.StockReceived.v1 later' });
    await cancel.click();
    await page.getByRole('button', { name: 'Back' }).click();
    expect(await item.count()).toBe(1);
    await cancel.click();
    await page.getByRole('button', { name: 'Cancel the event' }).click();
    await page.getByText('shop.StockReceived.v1 later is cancelled.').waitFor();
    await page.getByText('No event is kept for later.').waitFor();
  });

  it('keeps the mail that was sent', async () => {
    await open('mail');
    await page.getByText('ada@example.com').first().waitFor();
  });

  it('shows the alarm of the broken consumer alone, its dead letters and their reason', async () => {
    await open('bus');
    await consumer('analytics')
      .getByText(/Alarm: .*dead letters/)
      .waitFor({ timeout: 120_000 });
    await consumer('email').getByText('Healthy').waitFor();
    await screenshot('bus');
    await open('dead-letters/analytics');
    await page.getByText('this request fails on purpose: a fault is on').waitFor();
    await screenshot('dead-letters');
    await page.getByRole('button', { name: 'Open' }).click();
    expect(await page.getByRole('dialog').getByLabel('Data').inputValue()).toContain('order-9');
    await page.getByRole('button', { name: 'Close' }).click();
  }, 180_000);

  it('repairs it, redrives the dead letter, and sees it done', async () => {
    await open('faults');
    await page.getByRole('group', { name: 'analytics' }).getByRole('button', { name: 'Repair' }).click();
    await page.getByText('analytics is repaired.').waitFor();
    await open('dead-letters/analytics');
    await page.getByRole('button', { name: 'Redrive all' }).click();
    await page.getByText('1 dead letter sent back to the queue.').waitFor();
    await open('trace/o-9');
    await page.locator('.trace li', { hasText: /^analytics completed/ }).waitFor();
    await open('bus');
    await consumer('analytics').getByRole('link', { name: '0 dead' }).waitFor();
  });
});

describe('a hostile event', () => {
  const hostile = '<img src=x onerror="document.title=1"><script>document.title=2</script>\u0000\u001b[31m';

  it('shows as text and breaks nothing', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    await local.sqs.send(
      new SendMessageCommand({
        QueueUrl: local.find('Email', 'DeadLetterQueue').physicalId,
        MessageBody: `{"specversion":"1.0","id":"<b>1</b>","source":"/<i>","type":${JSON.stringify(hostile)},"data":${deep}}`,
        MessageAttributes: { errorName: { DataType: 'String', StringValue: '<script>alert(1)</script>' } },
      }),
    );
    await open('dead-letters/email');
    await page.getByRole('button', { name: 'Read again' }).click();
    await page.getByText('<script>alert(1)</script>').first().waitFor();
    await page.getByRole('button', { name: 'Open' }).click();
    await page.getByRole('dialog').waitFor();
    expect(await page.locator('img, main script').count()).toBe(0);
    expect(await page.title()).toContain('Fanfare');
    await page.getByRole('button', { name: 'Close' }).click();
  });

  it('has a number that JavaScript would change: it is shown as it is, and not for sending', async () => {
    const body =
      '{"specversion":"1.0","id":"n","source":"/n","type":"shop.N.v1","data":{"n":9007199254740993}}';
    await local.sqs.send(
      new SendMessageCommand({
        QueueUrl: local.find('Inventory', 'DeadLetterQueue').physicalId,
        MessageBody: body,
      }),
    );
    await open('dead-letters/inventory');
    await page.getByRole('button', { name: 'Read again' }).click();
    await page.getByRole('button', { name: 'Open' }).click();
    expect(await page.getByRole('dialog').getByLabel('Data').inputValue()).toBe(body);
    expect(await page.getByRole('button', { name: 'Send with this data' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Close' }).click();
  });

  it('is purged alone when others have come since it was shown', async () => {
    const QueueUrl = local.find('Inventory', 'DeadLetterQueue').physicalId;
    const readAgain = page.getByRole('button', { name: 'Read again' });
    await readAgain.click();
    await expect.poll(() => readAgain.isEnabled(), { timeout: 10_000 }).toBe(true);
    await local.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'later' }));
    await page.getByRole('button', { name: 'Purge ...' }).click();
    await page.getByText('Purge the 1 dead letter of inventory shown here?').waitFor();
    await page.getByRole('button', { name: 'Purge', exact: true }).click();
    const note = page.getByText('1 dead letter purged. They are in the file ');
    const [, file = ''] = /file (\S+)\.$/.exec((await note.textContent()) ?? '') ?? [];
    rmSync(file);
    const { visible, inFlight } = local.depthOf(QueueUrl);
    expect(visible + inFlight).toBe(1);
  });
});

describe('every view', () => {
  it.each(
    VIEWS.flatMap(
      (view) =>
        [
          { view, scheme: 'light' },
          { view, scheme: 'dark' },
        ] as const,
    ),
  )('$view is accessible in $scheme, and fits on 360 pixels', async ({ view, scheme }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width: 360, height: 740 });
    await open(view);
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    expect(await seriousViolations()).toEqual([]);
    if (view === 'bus') await screenshot(`bus-360-${scheme}`);
  });

  it('can be reached by the keyboard', async () => {
    await page.setViewportSize({ width: 1_200, height: 800 });
    await open('bus');
    await page.keyboard.press('3');
    await page.getByRole('heading', { name: 'Dead letters', level: 1 }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('o-9');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Trace', level: 1 }).waitFor();
    await page.getByText('shop.OrderPlaced.v1').waitFor();
  });
});

it('has complained of nothing but what the form was told', () => {
  // The form was told once that its data breaks the contract.
  expect(problems.filter((problem) => !problem.includes('400 (Bad Request)'))).toEqual([]);
});
