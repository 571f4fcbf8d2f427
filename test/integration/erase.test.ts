import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LocalStack } from '../../lib/local/local-stack.ts';
import { startLocal } from '../../lib/local/start-local.ts';
import { deadLettersOf, eventually, itemsOf, post, recordOf } from '../apps/client.ts';
import { invoices, memory } from '../apps/customers/consumers.ts';
import { synthesizeApp } from '../apps/synthesize-app.ts';
import { beginCommand, type Ended } from './ops/rig.ts';

const CONSUMERS = ['shop-dev-Invoices', 'shop-dev-Memory'];
const PERSONAL = /Ada Lovelace|ada@example\.com|customer-ada/;
const assemblyDirectory = synthesizeApp({
  base: new URL('../apps/customers/', import.meta.url).href,
  publishEntry: './publish.ts',
  consumers: [
    { definition: invoices, entry: './invoices.ts' },
    { definition: memory, entry: './memory.ts' },
  ],
});
const folder = mkdtempSync(join(tmpdir(), 'fanfare-erase-'));
let local: LocalStack;
let s3: S3Client;

beforeAll(async () => {
  // Nobody here waits for five minutes until the archive has a batch.
  const template = join(assemblyDirectory, 'shop-dev-Bus.template.json');
  const text = readFileSync(template, 'utf8');
  writeFileSync(template, text.replace(/("MaximumBatchingWindowInSeconds": )\d+/g, '$11'));
  const ports = { api: 0, aws: 0, dynamodb: 0 };
  local = await startLocal({ assemblyDirectory, ports, log: () => undefined });
  s3 = new S3Client({
    endpoint: local.awsEndpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
});
afterAll(async () => {
  s3.destroy();
  await local.stop();
  for (const directory of [assemblyDirectory, folder]) rmSync(directory, { recursive: true, force: true });
});

/** Every object of the bucket, as text, by its key. */
async function objects(): Promise<ReadonlyMap<string, string>> {
  const Bucket = local.find('shop-dev-Bus', 'Data').physicalId;
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  const read = Contents.map(async ({ Key = '' }) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    const content = Buffer.from((await Body?.transformToByteArray()) ?? []);
    return [Key, (Key.endsWith('.gz') ? gunzipSync(content) : content).toString()] as const;
  });
  return new Map(await Promise.all(read));
}

async function lines(): Promise<readonly string[]> {
  const all = [...(await objects())].filter(([key]) => key.startsWith('archive/'));
  return all.flatMap(([, text]) => text.trimEnd().split('\n'));
}

function erase(...args: readonly string[]): Promise<Ended> {
  const options = ['--events', resolve('test/apps/customers'), '--yes', '--json', ...args];
  const env = {
    PATH: process.env.PATH,
    FANFARE_AWS_PORT: new URL(local.awsEndpoint).port,
    FANFARE_DYNAMODB_PORT: new URL(local.dynamodbEndpoint).port,
  };
  return beginCommand(['erase', ...options], folder, env).ended;
}

const noteOf = async (stack: string, id: string): Promise<string | undefined> =>
  (await itemsOf(local, stack, 'NotesTable')).find((item) => item.id?.S === id)?.note?.S;

/** Sends an archived message to a consumer again. @param forget whether as to a consumer that never had it */
async function replay(stack: string, id: string, { forget = false } = {}): Promise<void> {
  const line = (await lines()).find((one) => JSON.parse(one).id === id);
  if (forget) {
    const TableName = local.find(stack, 'IdempotencyTable').physicalId;
    await local.dynamodb.send(new DeleteItemCommand({ TableName, Key: { id: { S: `/test|${id}` } } }));
  }
  const QueueUrl = local.find(stack, 'Queue').physicalId;
  await local.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.parse(line ?? '{}').body }));
  await eventually(`${stack} has taken ${id}`, () => {
    const { visible, inFlight } = local.depthOf(QueueUrl);
    return visible + inFlight === 0;
  });
}

it('an event goes from the API to the archive, is erased, and is replayed as erased', async () => {
  const type = 'shop.OrderPlaced.v2';
  const dataOf = (orderId: string, name: string, email: string) => ({
    orderId,
    customerId: `customer-${name}`,
    email,
  });
  const ada = (orderId: string, more = '') => dataOf(orderId, 'ada', `Ada Lovelace <ada@example.com>${more}`);
  const bob = (orderId: string, more = '') => dataOf(orderId, 'bob', `bob@example.com${more}`);
  const big = ' '.repeat(1_200_000);
  const published = {
    ...{ a1: ada('a1'), b1: bob('b1'), a2: ada('a2'), 'a-large': ada('a-large', big) },
    ...{ 'b-large': bob('b-large', big), b2: bob('b2') },
  };
  for (const [id, data] of Object.entries(published))
    expect(await post(local, { id, type, subject: 'order', data })).toMatchObject({ status: 202 });
  await eventually('all are archived and handled', async () => {
    const notes = await Promise.all(CONSUMERS.map((stack) => itemsOf(local, stack, 'NotesTable')));
    return (await lines()).length === 6 && notes.every(({ length }) => length === 6);
  });
  const before = await objects();
  expect([...before].filter(([, text]) => PERSONAL.test(text)).length).toBeGreaterThan(1);

  const ended = await erase('--subject', 'customer-ada');
  expect(ended, ended.stdout).toMatchObject({ code: 0 });
  expect(JSON.parse(ended.stdout).data).toMatchObject({
    archive: { events: { [type]: 3 } },
    largeData: 1,
    left: [],
  });

  const after = await objects();
  expect([...after].filter(([, text]) => PERSONAL.test(text))).toEqual([]);
  const others = (text: string): readonly string[] =>
    text.split('\n').filter((line) => line.includes('customer-bob') || line === '');
  const gone = [...before].filter(([key]) => !after.has(key));
  expect(gone.map(([, text]) => JSON.parse(text))).toEqual([published['a-large']]);
  for (const [key, text] of after) expect(others(text), key).toEqual(others(before.get(key) ?? ''));
  expect((await lines()).length).toBe(6);

  // A consumer that has had the event takes it for a duplicate, and not for another event with its id.
  for (const stack of CONSUMERS) await replay(stack, 'a1');
  for (const stack of CONSUMERS) await replay(stack, 'a2', { forget: true });
  await eventually(
    'the consumer that asks for it knows',
    async () => (await noteOf('shop-dev-Memory', 'a2'))?.startsWith('erased ') === true,
  );
  expect(await noteOf('shop-dev-Memory', 'a1')).toBe('customer-ada');
  expect(await noteOf('shop-dev-Invoices', 'a2')).toBe('invoice for customer-ada');
  // No handler was called, so there is no record.
  expect(await recordOf(local, 'shop-dev-Invoices', 'a2')).toBeUndefined();
  for (const stack of CONSUMERS) expect(await deadLettersOf(local, stack)).toEqual([]);
  const forged = { id: 'forged', type, erased: '2026-11-27T06:00:00Z', data: ada('forged') };
  expect(await post(local, forged)).toMatchObject({ status: 400 });
});
