import { rmSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LocalStack } from '../../lib/local/local-stack.ts';
import { startLocal } from '../../lib/local/start-local.ts';
import { reader } from '../apps/reports/consumer.ts';
import { synthesizeApp } from '../apps/synthesize-app.ts';
import { startBrowser } from './start-browser.ts';

const assemblyDirectory = synthesizeApp({
  base: new URL('../apps/reports/', import.meta.url).href,
  publishEntry: './publish.ts',
  consumers: [{ definition: reader, entry: './handler.ts' }],
});
let local: LocalStack;
let browser: Browser;
let page: Page;
/** What the pages ask for elsewhere: nothing, for there may be no network. */
const elsewhere: string[] = [];

beforeAll(async () => {
  local = await startLocal({
    assemblyDirectory,
    ports: { api: 0, aws: 0, dynamodb: 0 },
    log: () => undefined,
  });
  browser = await startBrowser();
  page = await browser.newPage();
  page.on('request', (request) => {
    if (!request.url().startsWith(local.apiUrl) && !/^(data|blob):/.test(request.url()))
      elsewhere.push(request.url());
  });
}, 60_000);

afterAll(async () => {
  await browser.close();
  await local.stop();
  rmSync(assemblyDirectory, { recursive: true, force: true });
});

it('the publish API has a page that shows its events', async () => {
  await page.goto(`${local.apiUrl}/docs`);
  await page.getByText('Publish events', { exact: true }).waitFor();
  await page.getByText('office.ReportFiled.v2', { exact: true }).locator('visible=true').first().waitFor();
});

it('the bus has a page that shows who takes what', async () => {
  await page.goto(`${local.apiUrl}/docs/bus`);
  await page.getByText('office.ReportArchived.v1').first().waitFor();
  await page.getByText('Notes how long every report is').first().waitFor();
});

it('the documents are served as they are', async () => {
  for (const [name, key] of [
    ['openapi', 'openapi'],
    ['asyncapi', 'asyncapi'],
  ] as const) {
    const response = await fetch(`${local.apiUrl}/${name}.json`);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.json()).toHaveProperty(key);
  }
  expect((await fetch(`${local.apiUrl}/docs/assets/../../package.json`)).status).toBe(404);
  expect(elsewhere).toEqual([]);
});
