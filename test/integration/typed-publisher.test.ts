import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalStack } from '../../lib/local/local-stack.ts';
import { startLocal } from '../../lib/local/start-local.ts';
import { createPublisher } from '../../lib/publishing/client/create-publisher.ts';
import { eventually, itemsOf, post } from '../apps/client.ts';
import { createApp } from '../apps/orders/app.ts';
import { OrderPlaced } from '../apps/orders/events/index.ts';
import { ordersProject } from '../apps/orders/project.ts';

const FANFARE = fileURLToPath(new URL('../../lib/cli/fanfare.ts', import.meta.url));
const project = ordersProject();
const folder = mkdtempSync(join(tmpdir(), 'fanfare-publisher-'));
const orderOf = (orderId: string) => ({
  orderId,
  customerId: 'customer-1',
  email: 'ada@example.com',
  currency: 'EUR',
  totalMinor: 1990,
  lines: [{ sku: 'kettle', quantity: 1 }],
});

let local: LocalStack;

beforeAll(async () => {
  createApp({ outdir: folder }).synth();
  local = await startLocal({
    assemblyDirectory: folder,
    ports: { api: 0, aws: 0, dynamodb: 0 },
    log: () => undefined,
  });
  expect(
    (
      await post(local, {
        type: 'shop.StockReceived.v1',
        data: { deliveryId: 'd-1', lines: [{ sku: 'kettle', quantity: 100 }] },
      })
    ).status,
  ).toBe(202);
  await eventually(
    'the stock has arrived',
    async () => (await itemsOf(local, 'Inventory', 'StockTable')).length > 0,
  );
});

afterAll(async () => {
  await local.stop();
  for (const one of [folder, project]) rmSync(one, { recursive: true, force: true });
});

async function untilShipped(orderId: string): Promise<void> {
  await eventually(`${orderId} is shipped`, async () => {
    const shipments = await itemsOf(local, 'Shipping', 'ShipmentsTable');
    return shipments.some((shipment) => shipment.orderId?.S === orderId);
  });
}

/** Runs `fanfare publish` as a person would. */
async function runPublish(args: readonly string[], input = '') {
  const child = spawn(process.execPath, [FANFARE, 'publish', ...args], {
    cwd: project,
    env: { ...process.env, FANFARE_URL: local.apiUrl },
  });
  child.stdin.end(input);
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, stdout, stderr };
}

describe('the publisher', () => {
  it('publishes to the API, and the shop ships', async () => {
    const publisher = createPublisher({ url: local.apiUrl, source: '/test' });
    await publisher.publish(OrderPlaced, orderOf('by-url'), { subject: 'by-url' });
    await untilShipped('by-url');
  });

  it('publishes to the topic, and the shop ships', async () => {
    const topicArn = local.stacks.find(({ name }) => name.endsWith('Bus'))?.outputs.TopicArn ?? '';
    const publisher = createPublisher({ topicArn, sns: local.sns, source: '/test' });
    await publisher.publishAll([publisher.event(OrderPlaced, orderOf('by-topic'))]);
    await untilShipped('by-topic');
  });
});

describe('the API on this machine', () => {
  /** Posts bytes as they are. */
  const postBytes = async (body: Buffer, headers: Record<string, string>) => {
    const url = `${local.apiUrl}/events`;
    const response = await fetch(url, { method: 'POST', headers, body: new Uint8Array(body) });
    return { status: response.status, body: await response.json() };
  };
  const structured = { 'content-type': 'application/cloudevents+json' };
  const binary = {
    'content-type': 'application/json',
    'ce-specversion': '1.0',
    'ce-source': '/test',
    'ce-type': OrderPlaced.versionedType,
  };
  const latin1 = Buffer.from(JSON.stringify(orderOf('K\u00f6ln')), 'latin1');

  it.each([
    ['in structured mode', structured],
    ['in binary mode', binary],
  ])('refuses bytes that are no UTF-8, %s', async (_, headers) => {
    const answer = await postBytes(latin1, headers);
    expect(answer).toMatchObject({ status: 400, body: { detail: expect.stringContaining('not UTF-8') } });
  });

  it('refuses raw bytes in the headers of binary mode', async () => {
    const subject = Buffer.from('K\u00f6ln').toString('latin1');
    const answer = await postBytes(Buffer.from('{}'), { ...binary, 'ce-subject': subject });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ index: 0, pointer: '/subject' }] } });
  });

  it('refuses a number that would be altered, and says where', async () => {
    const attributes = { specversion: '1.0', source: '/test', type: OrderPlaced.versionedType };
    const event = JSON.stringify({ ...attributes, data: orderOf('big') }).replace('1990', '9007199254740993');
    expect(await postBytes(Buffer.from(event), structured)).toMatchObject({
      status: 400,
      body: { errors: [{ index: 0, pointer: '/data/totalMinor' }] },
    });
  });
});

describe('fanfare publish', () => {
  it('publishes data of the command line, and prints what it published', async () => {
    const { code, stdout } = await runPublish([
      'shop.OrderPlaced',
      '--data',
      JSON.stringify(orderOf('by-cli')),
      '--id',
      'cli-1',
      '--source',
      '/test',
      '--json',
    ]);
    expect([code, JSON.parse(stdout).data]).toEqual([
      0,
      { id: 'cli-1', source: '/test', type: OrderPlaced.versionedType },
    ]);
    await untilShipped('by-cli');
  });

  it('reads the data from a file or the standard input', async () => {
    const file = join(folder, 'order.json');
    writeFileSync(file, JSON.stringify(orderOf('by-file')));
    const fromFile = await runPublish(['shop.OrderPlaced.v1', '--data', `@${file}`]);
    const piped = await runPublish(['shop.OrderPlaced.v1', '--data', '-'], JSON.stringify(orderOf('piped')));
    expect([fromFile.code, piped.code]).toEqual([0, 0]);
    await untilShipped('by-file');
    await untilShipped('piped');
  });

  it('names what is wrong with the data by pointer, one a line, and exits with 1', async () => {
    const { code, stderr } = await runPublish([
      'shop.OrderPlaced',
      '--data',
      JSON.stringify({ ...orderOf('wrong'), totalMinor: -1, lines: [] }),
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/\n {2}\/data\/totalMinor .*\n {2}\/data\/lines /);
  });

  it('exits with 2 when the event is not known, the data is no JSON or missing', async () => {
    const unknown = await runPublish(['shop.OrderPlacd', '--data', '{}']);
    expect(unknown).toMatchObject({ code: 2, stdout: '' });
    expect(unknown.stderr).toContain(`known are ${OrderPlaced.versionedType}, `);
    const broken = await runPublish(['shop.OrderPlaced', '--data', '{']);
    expect(broken).toMatchObject({ code: 2, stderr: expect.stringContaining('--data is not valid JSON') });
    expect(await runPublish(['shop.OrderPlaced'])).toMatchObject({ code: 2 });
    const nowhere = await runPublish(['shop.OrderPlaced', '--data', '{}', '--url', 'nowhere']);
    expect(nowhere).toMatchObject({ code: 2, stderr: expect.stringContaining("'nowhere' is not a URL") });
  });

  it('exits with 2 when the data would be altered on its way, and says where', async () => {
    const big = JSON.stringify(orderOf('big')).replace('1990', '9007199254740993');
    const number = await runPublish(['shop.OrderPlaced', '--data', big]);
    expect(number).toMatchObject({ code: 2, stdout: '' });
    expect(number.stderr).toContain('--data /totalMinor is a number that JavaScript would change');
    const twice = await runPublish(['shop.OrderPlaced', '--data', '-'], '{"orderId":"1","orderId":"2"}');
    expect(twice).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('/orderId is in its object more than'),
    });
    const file = join(folder, 'latin1.json');
    writeFileSync(file, Buffer.from(JSON.stringify(orderOf('K\u00f6ln')), 'latin1'));
    const bytes = await runPublish(['shop.OrderPlaced', '--data', `@${file}`]);
    expect(bytes).toMatchObject({ code: 2, stderr: expect.stringContaining('is not UTF-8') });
  });

  it('exits with 1 when an attribute is one that no door takes', async () => {
    const args = ['shop.OrderPlaced', '--data', JSON.stringify(orderOf('odd'))];
    const { code, stderr } = await runPublish([...args, '--subject', 'a\tb', '--partition-key', 'a b']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/\n {2}\/partitionkey .*\n {2}\/subject /);
  });

  it('exits with 1 when nobody answers', async () => {
    const { code, stderr } = await runPublish([
      'shop.OrderPlaced',
      '--data',
      JSON.stringify(orderOf('nobody')),
      '--id',
      'nobody-1',
      '--url',
      'http://127.0.0.1:2',
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/NoAnswer: .*; try again with --id nobody-1/);
  });
});
