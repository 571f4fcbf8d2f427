import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newState } from '../../../lib/archive/replay/create-replay.ts';
import { stateItem } from '../../../lib/archive/replay/replay-items.ts';
import type { ReplayRequest, ReplayState } from '../../../lib/archive/replay/replay-state.ts';
import { type Replay, replayAttributes } from '../../../lib/contracts/delivery/replay.ts';
import { HOUR } from '../../apps/archive/archive-objects.ts';
import { type EraseRig, lineOf, orderOf, reportOf, startEraseRig } from './erase-rig.ts';
import { drain, fill } from './rig.ts';

const AGAIN: Replay = { id: 'r-again', mode: 'again' };
const DONE = { S: 'COMPLETED 2026-11-27T04:00:00.000Z' };
const PERSONAL = {
  error: { M: { name: { S: 'TypeError' }, message: { S: 'no stock for eve' } } },
  attemptNotes: { L: [{ S: 'eve' }] },
};
let rig: EraseRig;
let folder: string;
beforeAll(async () => {
  rig = await startEraseRig({ otherBus: true });
  folder = mkdtempSync(join(tmpdir(), 'fanfare-erase-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await rig.stop();
});

/** Puts a replay into the table of a bus: one to the consumer, from the first to the last moment. */
async function putReplay({ id, mode }: Replay, change: Partial<ReplayState> = {}, bus = 0): Promise<void> {
  const { label: consumer, queueUrl } = rig.consumer;
  const request: ReplayRequest = {
    ...{
      consumer,
      queueUrl,
      mode,
      rate: 10,
      from: HOUR,
      to: HOUR + 1,
      types: [],
      sources: [],
      knowsSince: 0,
    },
    filterPolicyScope: 'MessageAttributes',
  };
  const state = newState(request, { id, createdBy: 'bob@laptop', now: HOUR });
  const Item = stateItem({ ...state, status: 'done', ...change });
  const TableName = rig.deployment.archives[bus]?.replayTable;
  await rig.clients.dynamodb.send(new PutItemCommand({ TableName, Item }));
}

const erase = (subject: string, ...args: readonly string[]) =>
  rig.erase(folder, '--subject', subject, ...args);

it('cleans the records of what was replayed again, of every bus', async () => {
  await putReplay(AGAIN);
  await putReplay({ id: 'r-other', mode: 'again' }, {}, 1);
  await putReplay({ id: 'r-fill', mode: 'fill' });
  await putReplay({ id: 'r-elsewhere', mode: 'again' }, { queueUrl: 'http://localhost/1/another' });
  await rig.archive([lineOf('e1', 'eve'), lineOf('f1', 'fay')]);
  const keys = ['/shop/checkout|e1', '/shop/checkout r-again|e1', '/shop/checkout r-other|e1'];
  const others = ['/shop/checkout r-again|f1', '/shop/checkout r-elsewhere|e1'];
  for (const key of [...keys, ...others]) await rig.putRecord(key, { status: DONE, ...PERSONAL });
  expect(reportOf(await erase('eve', '--dry-run')).records).toBe(3);
  const ended = await erase('eve', '--yes');
  expect(ended.code).toBe(0);
  expect(reportOf(ended).records).toBe(3);
  for (const key of keys) expect(JSON.stringify(await rig.recordOf(key)), key).not.toContain('eve');
  for (const key of others) expect(await rig.recordOf(key), key).toMatchObject(PERSONAL);
});

it('takes the record of a letter, and of a purged one, for that of its replay', async () => {
  const messageAttributes = replayAttributes(AGAIN);
  const { deadLetterQueueUrl: queueUrl } = rig.consumer;
  const bodyOf = (id: string) => JSON.stringify(orderOf(id, 'eve'));
  // No table knows this replay any more.
  const gone = replayAttributes({ id: 'r-gone', mode: 'again' });
  await fill(rig.clients, { queueUrl, bodies: [bodyOf('e2')], attributes: gone });
  const attributes = Object.entries(messageAttributes).map(([name, { DataType, StringValue }]) => [
    name,
    { dataType: DataType, stringValue: StringValue },
  ]);
  const data = { messageId: 'm', body: bodyOf('e3'), messageAttributes: Object.fromEntries(attributes) };
  const head = { app: 'shop', stage: 'dev', consumer: 'email', queue: 'dead-letter queue' };
  const file = join(folder, 'dead-letters-email-1.jsonl');
  const lines = [
    { fanfare: 1, kind: 'purge', at: 'x', data: head },
    { fanfare: 1, kind: 'purgedMessage', data },
  ].map((line) => `${JSON.stringify(line)}\n`);
  writeFileSync(file, lines.join(''), { mode: 0o600 });
  const failed = { status: { S: 'FAILED' }, ...PERSONAL };
  const theirs = ['/shop/checkout r-gone|e2', '/shop/checkout r-again|e3'];
  // The events themselves are still being handled.
  const busy = ['/shop/checkout|e2', '/shop/checkout|e3'];
  for (const key of [...theirs, ...busy]) await rig.putRecord(key, failed);
  const { left, records } = reportOf(await erase('eve', '--dry-run'));
  const ended = await erase('eve', '--yes');
  expect(ended.code).toBe(1);
  expect({ left, records }).toEqual({ left: reportOf(ended).left, records: reportOf(ended).records });
  expect(records).toBe(2);
  expect(left.map(({ what }: { what: string }) => what)).toEqual(
    busy.map((key) => `record of email for ${key}`),
  );
  for (const key of theirs) expect(JSON.stringify(await rig.recordOf(key)), key).not.toContain('eve');
  for (const key of busy) expect(await rig.recordOf(key), key).toMatchObject(failed);
  expect(readFileSync(file, 'utf8')).toBe(lines[0]);
  expect(await drain(rig.clients, queueUrl)).toEqual([]);
});
