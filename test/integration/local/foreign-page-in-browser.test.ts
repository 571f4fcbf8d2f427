import { once } from 'node:events';
import { createServer } from 'node:http';
import sparticuz from '@sparticuz/chromium';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { idOf, run, writeAssembly } from './assembly.ts';

const foreign = createServer((_, response) =>
  response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Elsewhere</title>'),
);
let local: LocalStack;
let browser: Browser;
let page: Page;
let port: number;

beforeAll(async () => {
  local = await run(
    writeAssembly({
      resources: {
        Queue: { Type: 'AWS::SQS::Queue' },
        Topic: { Type: 'AWS::SNS::Topic' },
        Subscription: {
          Type: 'AWS::SNS::Subscription',
          Properties: {
            TopicArn: { Ref: 'Topic' },
            Protocol: 'sqs',
            Endpoint: { 'Fn::GetAtt': ['Queue', 'Arn'] },
          },
        },
      },
    }),
  );
  foreign.listen(0, '127.0.0.1');
  await once(foreign, 'listening');
  const address = foreign.address();
  port = typeof address === 'object' && address ? address.port : 0;
  browser = await chromium.launch({
    executablePath: await sparticuz.executablePath(),
    // A name on the network that its owner has made lead to this machine.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--host-resolver-rules=MAP evil.example 127.0.0.1'],
  });
  page = await browser.newPage();
}, 60_000);

afterAll(async () => {
  await browser?.close();
  foreign.close();
});

const urls = () => [local.apiUrl, local.awsEndpoint, local.dynamodbEndpoint];

it.each([
  ['another site', 'evil.example'],
  ['another port of this machine', '127.0.0.1'],
])('a page of %s can neither publish by a form, nor read, nor load anything', async (_, name) => {
  await page.goto(`http://${name}:${port}/`);
  const statuses: number[] = [];
  page.on('response', (response) => statuses.push(response.status()));
  const form = { Action: 'Publish', TopicArn: idOf(local, 'Topic'), Message: 'forged' };
  const read = await page.evaluate(
    async ({ targets, fields }) => {
      const outcomes: string[] = [];
      for (const target of targets) {
        const body = new URLSearchParams(fields);
        await fetch(target, { method: 'POST', mode: 'no-cors', body }).catch(() => undefined);
        await fetch(target, { mode: 'no-cors' }).catch(() => undefined);
        const headers = { 'x-amz-target': 'DynamoDB_20120810.ListTables' };
        outcomes.push(
          await fetch(target, { method: 'POST', headers, body: '{}' }).then(
            (answer) => answer.text(),
            () => 'nothing',
          ),
        );
      }
      return outcomes;
    },
    { targets: urls(), fields: form },
  );
  expect(read).toEqual(['nothing', 'nothing', 'nothing']);
  expect(statuses.length).toBeGreaterThanOrEqual(6);
  expect(statuses.filter((status) => status !== 403)).toEqual([]);
  expect(local.depthOf(idOf(local, 'Queue'))).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  page.removeAllListeners('response');
});

it('a name that is made to lead here reads nothing', async () => {
  for (const url of urls()) {
    const there = `${url.replace('127.0.0.1', 'evil.example')}/`;
    const [answer] = await Promise.all([
      page.waitForResponse(there),
      // What is no page of HTML is not shown, which ends the navigation.
      page.goto(there).catch(() => undefined),
    ]);
    expect(answer.status()).toBe(403);
  }
});

it('a link on another port of this machine is not followed, and the address can be typed', async () => {
  page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${port}/`);
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.url().endsWith('/docs')),
    page.evaluate((url) => location.assign(url), `${local.apiUrl}/docs`),
  ]);
  expect(answer.status()).toBe(403);
  page = await browser.newPage();
  expect((await page.goto(`${local.apiUrl}/docs`))?.status()).toBe(200);
});
