import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Receipt } from '../../../lib/contracts/receipts/receipt.ts';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { startLocal } from '../../../lib/local/start-local.ts';
import { createPublisher } from '../../../lib/publishing/client/create-publisher.ts';
import { eventually } from '../../apps/client.ts';
import { books, courier, customs, returns } from '../../apps/parcels/consumers.ts';
import { ParcelSent } from '../../apps/parcels/events/index.ts';
import { synthesizeApp } from '../../apps/synthesize-app.ts';
import { expectDocumented } from '../ops/documented-shapes.ts';

const base = new URL('../../apps/parcels/', import.meta.url).href;
const FANFARE = join(process.cwd(), 'lib/cli/fanfare.ts');
const project = mkdtempSync(join(tmpdir(), 'fanfare-parcels-'));
writeFileSync(join(project, 'cdk.json'), JSON.stringify({ app: 'node app.ts', context: { app: 'post' } }));
symlinkSync(fileURLToPath(new URL('events', base)), join(project, 'events'));

let assembly = '';
let local: LocalStack;

beforeAll(async () => {
  assembly = synthesizeApp({
    base,
    publishEntry: './publish.ts',
    consumers: [books, courier, customs, returns].map((definition) => ({
      definition,
      entry: `./${definition.name}.ts`,
    })),
  });
  const ports = { api: 0, aws: 0, dynamodb: 0 };
  local = await startLocal({ assemblyDirectory: assembly, ports, log: () => undefined });
});

afterAll(async () => {
  await local?.stop();
  for (const folder of [assembly, project]) rmSync(folder, { recursive: true, force: true });
});

interface Accepted {
  readonly events: readonly { readonly id: string; readonly source: string; readonly receipt: string }[];
}

/** Publishes as a client does that knows nothing but HTTP, and returns the address of the receipt. */
async function publish(event: object): Promise<string> {
  const response = await fetch(`${local.apiUrl}/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/cloudevents+json' },
    body: JSON.stringify({ specversion: '1.0', source: '/test', type: 'post.ParcelSent.v1', ...event }),
  });
  expect(response.status).toBe(202);
  const { events }: Accepted = JSON.parse(await response.text());
  return `${local.apiUrl}${events[0]?.receipt}`;
}

async function read(address: string): Promise<Receipt> {
  const response = await fetch(address);
  expect(response.status).toBe(200);
  return JSON.parse(await response.text());
}

/** The receipt as soon as the courier has this status. */
async function readWhen(address: string, status: string): Promise<Receipt> {
  let receipt = await read(address);
  await eventually(`the courier is ${status}`, async () => {
    receipt = await read(address);
    return receipt.consumers.some((one) => one.consumer === 'courier' && one.status === status);
  });
  return receipt;
}

const parcel = (parcelId: string, does = 'works', country = 'DE') => ({ parcelId, courier: does, country });

describe('the receipt of an event', () => {
  it('says what each consumer has done with it', async () => {
    const address = await publish({ id: 'p1', data: parcel('p1') });
    await readWhen(address, 'done');
    await eventually('the books have it', async () => (await read(address)).settled);
    expect(await read(address)).toEqual({
      id: 'p1',
      source: '/test',
      type: 'post.ParcelSent.v1',
      publishedAt: expect.stringMatching(/Z$/),
      seen: true,
      settled: true,
      consumers: [
        { consumer: 'books', status: 'done', since: expect.stringMatching(/Z$/), attempts: 1 },
        { consumer: 'courier', status: 'done', since: expect.stringMatching(/Z$/), attempts: 1 },
        { consumer: 'customs', status: 'unknown', why: 'filter' },
        { consumer: 'returns', status: 'skipped' },
      ],
    });
  });

  it('says that an attempt has failed, why, and when the next one is, and at last that it is dead', async () => {
    const address = await publish({ id: 'p2', data: parcel('p2', 'fails') });
    const [, failing] = (await readWhen(address, 'failing')).consumers;
    expect(failing).toEqual({
      consumer: 'courier',
      status: 'failing',
      since: expect.any(String),
      attempts: 1,
      maxAttempts: 2,
      nextAttemptBefore: new Date(Date.parse(failing?.since ?? '') + 2_000).toISOString(),
      reason: 'Error: the road is closed',
    });
    const [, dead] = (await readWhen(address, 'dead')).consumers;
    expect(dead).toMatchObject({ status: 'dead', attempts: 2, reason: 'Error: the road is closed' });
  });

  it('shows a consumer that filters by data as soon as it has a record', async () => {
    const address = await publish({ id: 'p3', data: parcel('p3', 'works', 'CH') });
    await eventually('the customs have seen it', async () =>
      (await read(address)).consumers.some((one) => one.consumer === 'customs' && one.status === 'done'),
    );
  });

  it.each(['a/b', '..', '?#%25', 'ü😀+ ', '-', 'x'.repeat(256), 'é/'.repeat(85)])(
    'is found for the id %s',
    async (id) => {
      const address = await publish({ id, source: '/a/b?c=d&e', data: parcel('odd') });
      const receipt = await readWhen(address, 'done');
      expect(receipt).toMatchObject({ id, source: '/a/b?c=d&e' });
    },
  );

  it('of an event that nobody has published says that this cannot be told', async () => {
    const address = `${local.apiUrl}/events/nobody?source=/test&type=post.ParcelSent`;
    const receipt = await read(`${address}&published=${new Date().toISOString()}`);
    expect(receipt).toMatchObject({
      seen: false,
      settled: false,
      note: expect.stringContaining('never published'),
    });
    expect(receipt.consumers[0]).toEqual({ consumer: 'books', status: 'waiting' });
    const [timeless] = (await read(address)).consumers;
    expect(timeless).toEqual({ consumer: 'books', status: 'unknown', why: 'time' });
  });

  it('without a source is a problem', async () => {
    const response = await fetch(`${local.apiUrl}/events/p1`);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
  });
});

it('is read by the publisher', async () => {
  const publisher = createPublisher({ url: local.apiUrl, source: '/test' });
  const published = await publisher.publish(ParcelSent, { parcelId: 'q', courier: 'works', country: 'DE' });
  await eventually('it is settled', async () => (await publisher.receipt(published)).settled);
});

/** Runs `fanfare publish` in the project of this app. */
async function command(data: object, ...args: readonly string[]) {
  const child = spawn(
    process.execPath,
    [FANFARE, 'publish', 'post.ParcelSent', '--data', JSON.stringify(data), '--url', local.apiUrl, ...args],
    { cwd: project, env: { PATH: process.env.PATH, NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    output.stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output.stderr += chunk.toString();
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  return { code, ...output };
}

describe('fanfare publish --wait', () => {
  it('ends with 0 when every consumer is done', async () => {
    const { code, stdout, stderr } = await command(parcel('w1'), '--wait', '60');
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^Published post\.ParcelSent\.v1 /);
    expect(stdout).toMatch(/\nbooks +done +at /);
    expect(stdout).toMatch(/\ncustoms +unknown +it takes only events with certain data/);
    expect(code).toBe(0);
  });

  it('ends with 1 when one has given it up, and says why', async () => {
    const { code, stdout } = await command(parcel('w2', 'refuses'), '--wait');
    expect(stdout).toMatch(/\ncourier +dead +after 1 attempt: PermanentError: it is too heavy/);
    expect(code).toBe(1);
  });

  it('ends with 1 when the time is over before', async () => {
    const { code, stdout } = await command(parcel('w3', 'fails'), '--wait', '1');
    expect(stdout).toMatch(/\ncourier +(failing|waiting|handling)/);
    expect(code).toBe(1);
  });

  it('prints what is published and its receipt as JSON, one a line', async () => {
    const { code, stdout } = await command(parcel('w4'), '--wait', '60', '--json');
    const [published, { kind, data }] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(published.kind).toBe('published');
    expectDocumented('published', published.data);
    expect(data.id).toBe(published.data.id);
    expect(kind).toBe('receipt');
    expectDocumented('receipt', data);
    expect(data).toMatchObject({ seen: true, settled: true });
    expect(code).toBe(0);
  });
});
