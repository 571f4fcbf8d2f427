import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, expect, it } from 'vitest';
import type { ConsumerDefinition } from '../../lib/contracts/define-consumer.ts';
import type { LocalStack } from '../../lib/local/local-stack.ts';
import { startLocal } from '../../lib/local/start-local.ts';
import { archivedOf, objectOf } from '../apps/archive/archive-objects.ts';
import { eventually, itemsOf, post } from '../apps/client.ts';
import { collectsAll } from '../apps/praise/consumer.ts';
import { synthesizeApp } from '../apps/synthesize-app.ts';

const synthesize = (...consumers: readonly ConsumerDefinition[]): string =>
  synthesizeApp({
    base: import.meta.url,
    publishEntry: '../apps/praise/publish.ts',
    consumers: consumers.map((definition) => ({ definition, entry: '../apps/praise/handler.ts' })),
  });
const before = synthesize();
const after = synthesize({ ...collectsAll, startFrom: 'beginning' });
const dataDirectory = mkdtempSync(join(tmpdir(), 'fanfare-start-from-'));
let local: LocalStack | undefined;

afterAll(async () => {
  await local?.stop();
  for (const directory of [before, after, dataDirectory]) rmSync(directory, { recursive: true, force: true });
});

/** Starts an app on the data of the one before it, and on its ports, which are in the URLs of its queues. */
async function start(assemblyDirectory: string): Promise<LocalStack> {
  const ports = local ? portsOf(local) : { api: 0, aws: 0, dynamodb: 0 };
  await local?.stop();
  local = undefined;
  local = await startLocal({ assemblyDirectory, dataDirectory, ports, log: () => undefined });
  return local;
}

function portsOf({ apiUrl, awsEndpoint, dynamodbEndpoint }: LocalStack) {
  const [api = 0, aws = 0, dynamodb = 0] = [apiUrl, awsEndpoint, dynamodbEndpoint].map((url) =>
    Number(new URL(url).port),
  );
  return { api, aws, dynamodb };
}

/** Puts an object with these events into the archive, as its function does. */
async function archive({ awsEndpoint }: LocalStack, bucket: string, ids: readonly string[]): Promise<void> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const s3 = new S3Client({ endpoint: awsEndpoint, region: 'eu-west-1', credentials, forcePathStyle: true });
  const lines = ids.map((id) =>
    archivedOf(
      {
        specversion: '1.0',
        id,
        source: '/shop/reviews',
        type: 'reviews.ReviewPublished.v1',
        data: { stars: 5, channel: 'web' },
      },
      Date.now() - 86_400_000,
    ),
  );
  const { key: Key, body: Body } = objectOf(lines);
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  s3.destroy();
}

const idsOf = async (running: LocalStack) =>
  (await itemsOf(running, 'Praise', 'ReviewsTable')).map(({ id }) => id?.S).toSorted();

async function replaysOf(running: LocalStack) {
  const command = new QueryCommand({
    TableName: running.find('Bus', 'Replay/Table').physicalId,
    KeyConditionExpression: 'replay = :state',
    ExpressionAttributeValues: { ':state': { S: 'state' } },
  });
  return (await running.dynamodb.send(command)).Items ?? [];
}

it('a new consumer begins with what is in the archive, once, and goes on with what is published', async () => {
  const empty = await start(before);
  await archive(empty, empty.find('Bus', 'Data').physicalId, ['old-1', 'old-2']);
  const first = await start(after);
  await eventually('the archived events are handled', async () => (await idsOf(first)).length === 2);
  const published = { id: 'new-1', type: 'reviews.ReviewPublished.v1', data: { stars: 5 } };
  expect((await post(first, published)).status).toBe(202);
  await eventually('the new event is handled', async () => (await idsOf(first)).length === 3);
  expect(await idsOf(first)).toEqual(['new-1', 'old-1', 'old-2']);
  const replays = await replaysOf(first);
  expect(replays).toHaveLength(1);
  const again = await start(after);
  expect(await replaysOf(again)).toHaveLength(1);
  expect(await idsOf(again)).toEqual(['new-1', 'old-1', 'old-2']);
}, 120_000);
