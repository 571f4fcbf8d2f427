import { rmSync } from 'node:fs';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { startLocal } from '../../../lib/local/start-local.ts';
import { archivedOf, eventOf, objectOf } from '../../apps/archive/archive-objects.ts';
import { post } from '../../apps/client.ts';
import { keeper } from '../../apps/replay/consumers.ts';
import { synthesizeApp } from '../../apps/synthesize-app.ts';
import { runFanfare } from '../ops/run-fanfare.ts';

const DAY = Date.parse('2020-01-01T00:00:00Z');
/** Longer than the time between the two looks of the function at the queue of the archive. */
const DELAY_SECONDS = 6;
const assemblyDirectory = synthesizeApp({
  base: new URL('../../apps/replay/', import.meta.url).href,
  publishEntry: './publish.ts',
  consumers: [{ definition: keeper, entry: './handler.ts' }],
});
afterAll(() => rmSync(assemblyDirectory, { recursive: true, force: true }));

/** Runs it, and keeps what the functions log. */
async function start(environment: Readonly<Record<string, string>> = {}) {
  const lines: string[] = [];
  const local = await startLocal({
    assemblyDirectory,
    ports: { api: 0, aws: 0, dynamodb: 0 },
    environment,
    verbose: true,
    log: (line) => void lines.push(line),
  });
  onTestFinished(() => local.stop());
  const { key, body } = objectOf(
    [0, 1].map((n) =>
      archivedOf(
        eventOf({
          id: `old-${n}`,
          source: '/notes',
          type: 'notes.NoteTaken.v1',
          data: { n, colour: 'red' },
        }),
        DAY + n,
      ),
    ),
  );
  const s3 = new S3Client({
    endpoint: local.awsEndpoint,
    region: 'eu-west-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const Bucket = local.find('shop-dev-Bus', 'Data').physicalId;
  await s3.send(new PutObjectCommand({ Bucket, Key: key, Body: body }));
  return { local, lines };
}

const taken = (n: number) => ({
  id: `new-${n}`,
  source: '/notes',
  type: 'notes.NoteTaken.v1',
  data: { n, colour: 'red' },
});

/** Publishes one event after the other, as long as it is wanted. */
async function publishUntil(local: LocalStack, isOver: () => boolean): Promise<void> {
  for (let n = 0; !isOver(); n++) await post(local, taken(n));
}

/** Lets the queue of the archive hold a message that nobody gets for some seconds. */
async function holdUp(local: LocalStack): Promise<void> {
  await local.sqs.send(
    new SendMessageCommand({
      QueueUrl: local.find('shop-dev-Bus', 'Archive/Queues/Queue').physicalId,
      MessageBody: JSON.stringify(eventOf({ id: 'late' })),
      DelaySeconds: DELAY_SECONDS,
    }),
  );
}

const replay = (local: LocalStack) =>
  runFanfare(local, [
    'replay',
    ...['--consumer', 'keeper', '--from', '2020-01-01', '--to', '2020-01-02', '--yes', '--json'],
  ]);

it('a replay ends while events are published throughout, and nothing here asks AWS', async () => {
  const { local, lines } = await start();
  let isOver = false;
  const publishing = publishUntil(local, () => isOver);
  await holdUp(local);
  const ended = await replay(local).finally(() => {
    isOver = true;
  });
  await publishing;
  expect(ended).toMatchObject({ code: 0 });
  expect(JSON.parse(ended.stdout).data).toMatchObject({ status: 'done', sent: 2 });
  expect(lines.join('\n')).not.toMatch(/amazonaws|a part of a replay has failed|cannot be read/);
});

it('a replay waits, and no part of it fails, while CloudWatch does not say how far the archive is', async () => {
  const { local, lines } = await start({ AWS_ENDPOINT_URL_CLOUDWATCH: 'http://127.0.0.1:9' });
  await holdUp(local);
  const ended = await replay(local);
  expect(JSON.parse(ended.stdout).data).toMatchObject({ status: 'done', sent: 2 });
  expect(lines.join('\n')).toContain('it is not known how far the archive is');
  expect(lines.join('\n')).not.toContain('a part of a replay has failed');
});
