import { rmSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLocalConsole } from '../../lib/cli/open-local-console.ts';
import type { RunningConsole } from '../../lib/console/start-console.ts';
import type { LocalStack } from '../../lib/local/local-stack.ts';
import { startLocal } from '../../lib/local/start-local.ts';
import { committer, neighbour } from '../apps/faults/consumer.ts';
import * as events from '../apps/orders/events/index.ts';
import { synthesizeApp } from '../apps/synthesize-app.ts';
import { startBrowser } from './start-browser.ts';

const assemblyDirectory = synthesizeApp({
  base: new URL('../apps/faults/', import.meta.url).href,
  publishEntry: './publish.ts',
  consumers: [
    { definition: committer, entry: './committer.ts' },
    { definition: neighbour, entry: './neighbour.ts' },
  ],
});
let local: LocalStack;
let console: RunningConsole;
let browser: Browser;
let page: Page;

const start = (ports = { api: 0, aws: 0, dynamodb: 0 }): Promise<LocalStack> =>
  startLocal({ assemblyDirectory, ports, log: () => undefined });

beforeAll(async () => {
  local = await start();
  console = await openLocalConsole(local, { contracts: Object.values(events), port: 0 });
  browser = await startBrowser();
  page = await browser.newPage({ viewport: { width: 1_200, height: 800 } });
  await page.goto(console.signInUrl);
}, 90_000);

afterAll(async () => {
  await browser.close();
  await local.stop();
  rmSync(assemblyDirectory, { recursive: true, force: true });
});

const consumer = (name: string) =>
  page.locator('.spine li', { has: page.getByRole('heading', { name, exact: true }) });
const stamp = (text: RegExp) => page.locator('.stamp').filter({ hasText: text }).waitFor();

describe('the console', () => {
  it('says that it is live, and when it has looked', async () => {
    await stamp(/^Live, \d/);
    await consumer('committer').getByText('Healthy').waitFor();
    expect(await page.locator('main.old').count()).toBe(0);
    await page.getByText('0.0').first().waitFor();
  });

  it('shows an alarm of the bus itself', async () => {
    local.alarms.add('shop-dev-Bus-BusBusAlarmsServerErrors0A1B2C3D-x', 'is on', {
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [
        { Name: 'QueueName', Value: local.find('Committer', 'Queue').physicalId.split('/').at(-1) ?? '' },
      ],
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: -1,
    });
    await page.locator('.source').getByText('Alarm: server errors').waitFor();
    await consumer('committer').getByText('Healthy').waitFor();
  });

  it('names what is gone, shows no number for it, and goes on with the others', async () => {
    const { outputs } =
      local.stacks.find(({ name }) => name.endsWith('Committer')) ?? expect.fail('no stack');
    const DeadLetterQueueUrl = outputs.DeadLetterQueueUrl;
    Object.assign(outputs, { DeadLetterQueueUrl: `${DeadLetterQueueUrl}-gone` });
    await consumer('committer')
      .getByText(/^dead-letter queue .*-gone does not exist$/)
      .waitFor();
    await consumer('committer').getByRole('link', { name: '? dead' }).waitFor();
    await consumer('neighbour').getByText('Healthy').waitFor();
    await page.goto(`${console.url}/#/dead-letters`);
    await page.getByRole('row', { name: 'committer ? 0' }).waitFor();
    await page.goto(`${console.url}/#/bus`);
    Object.assign(outputs, { DeadLetterQueueUrl });
    await consumer('committer').getByText('Healthy').waitFor();
  });

  it('greys what it has read when the deployment does not answer, and is live again when it does', async () => {
    const portOf = (url: string): number => Number(new URL(url).port);
    const ports = {
      api: portOf(local.apiUrl),
      aws: portOf(local.awsEndpoint),
      dynamodb: portOf(local.dynamodbEndpoint),
    };
    await local.stop();
    await stamp(/^As of \d.*, reconnecting/);
    await page.getByRole('alert').getByText('the deployment does not answer').waitFor();
    await consumer('committer').getByText('Not known now').waitFor();
    expect(await page.getByText('Healthy').count()).toBe(0);
    expect(await page.locator('main.old').count()).toBe(1);
    expect(await consumer('committer').locator('b').first().textContent()).toBe('?');
    local = await start(ports);
    await stamp(/^Live, /);
    await consumer('committer').getByText('Healthy').waitFor();
    await page.locator('.figure b').getByText('0.0').first().waitFor();
    expect(await page.locator('main.old').count()).toBe(0);
  }, 90_000);

  it('greys it when the console itself has ended', async () => {
    await console.stop();
    await stamp(/^As of \d.*, reconnecting/);
    await page.getByRole('alert').getByText('The console does not answer').waitFor();
    expect(await page.getByText('Healthy').count()).toBe(0);
  });
});
