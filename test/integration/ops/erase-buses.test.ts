import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  DeleteBucketCommand,
  DeleteObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOUR, objectOf } from '../../apps/archive/archive-objects.ts';
import { type EraseRig, largeIn, lineOf, orderOf, reportOf, startEraseRig } from './erase-rig.ts';
import { type Rig, startRig } from './rig.ts';

let rig: EraseRig;
const folder = mkdtempSync(join(tmpdir(), 'fanfare-erase-'));
beforeAll(async () => {
  rig = await startEraseRig({ otherBus: true });
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await rig.stop();
});

it('erases from the archive and the bucket of every bus, and names the bus of what stays', async () => {
  const buses = [0, 1];
  for (const bus of buses) {
    const large = largeIn(rig.bucket(bus), orderOf(`large-${bus}`, 'ada'));
    await rig.put(rig.bucket(bus), large.key, large.text);
    await rig.archive([lineOf(`a${bus}`, 'ada'), large.line, lineOf(`b${bus}`, 'bob')], bus);
    await rig.archive([lineOf(`order-of-ada-${bus}`, 'ada')], bus);
  }
  const report = reportOf(await rig.erase(folder, '--subject', 'ada', '--yes'));
  expect(report).toMatchObject({
    archive: { objects: 4, rewritten: 4, lines: 8, events: { 'shop.OrderPlaced.v2': 6 } },
    largeData: 2,
  });
  expect(report.archive.completeUpTo).not.toBeNull();
  expect(report.left.map(({ what }: { what: string }) => what.split(':')[0]).toSorted()).toEqual(
    rig.deployment.archives.map(({ bus }) => bus).toSorted(),
  );
  for (const bus of buses) {
    const content = await rig.contentOf(rig.bucket(bus));
    expect(content).not.toContain('ada@example.com');
    expect(content).toContain('bob@example.com');
  }
});

it('erases from the others when the archive of one bus cannot be read', async () => {
  await rig.archive([lineOf('c1', 'cleo')], 1);
  const s3 = await rig.clients.s3();
  const Bucket = rig.bucket(0);
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  for (const { Key } of Contents) await s3.send(new DeleteObjectCommand({ Bucket, Key }));
  await s3.send(new DeleteBucketCommand({ Bucket }));
  const ended = await rig.erase(folder, '--subject', 'cleo', '--yes');
  expect(ended.code).toBe(3);
  expect(reportOf(ended).archive).toMatchObject({
    events: { 'shop.OrderPlaced.v2': 1 },
    completeUpTo: null,
  });
  expect(JSON.parse(ended.stdout).problems).toMatchObject([{ resource: 'archive', name: Bucket }]);
  expect(await rig.contentOf(rig.bucket(1))).not.toContain('cleo@example.com');
});

describe('a bus whose archive was turned off', () => {
  let off: Rig;
  let bucket: string;
  beforeAll(async () => {
    off = await startRig({ dataBucket: true });
    bucket = off.deployment.dataBucketName ?? '';
  });
  afterAll(() => off.stop());

  const erase = (...args: readonly string[]) =>
    off.begin(['erase', '--events', resolve('test/apps/customers'), '--json', ...args], { cwd: folder })
      .ended;
  const put = async (Key: string, Body: Buffer | string) =>
    (await off.clients.s3()).send(new PutObjectCommand({ Bucket: bucket, Key, Body }));

  it('is erased from what it has archived before', async () => {
    const { key, body } = objectOf([lineOf('d1', 'dora'), lineOf('d2', 'bob')], HOUR);
    await put(key, body);
    const ended = await erase('--subject', 'dora', '--yes');
    expect(reportOf(ended).archive).toMatchObject({ objects: 1, events: { 'shop.OrderPlaced.v2': 1 } });
    expect(ended.code).toBe(0);
  });

  it('may have large data of the person, which the report says is left', async () => {
    const { key, text } = largeIn(bucket, orderOf('large-1', 'dora'));
    await put(key, text);
    const ended = await erase('--subject', 'dora', '--yes');
    expect(reportOf(ended).left).toEqual([
      { what: `large/ of ${bucket}`, why: expect.stringContaining('28 days') },
    ]);
    expect(ended.code).toBe(1);
  });
});
