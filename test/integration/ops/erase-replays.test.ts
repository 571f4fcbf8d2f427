import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteItemCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newState } from '../../../lib/archive/replay/create-replay.ts';
import { readState, stateItem, stateKey } from '../../../lib/archive/replay/replay-items.ts';
import type { ReplayRequest, ReplayState } from '../../../lib/archive/replay/replay-state.ts';
import { type Replay, replayAttributes } from '../../../lib/contracts/delivery/replay.ts';
import { erase as eraseHere } from '../../../lib/ops/erase/erase.ts';
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

/** A replay as the table of a bus has it. */
async function readReplay(id: string, bus = 0): Promise<ReplayState | undefined> {
  const TableName = rig.deployment.archives[bus]?.replayTable;
  const { Item } = await rig.clients.dynamodb.send(new GetItemCommand({ TableName, Key: stateKey(id) }));
  return Item && readState(Item);
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

it.each(['planning', 'running', 'paused'] as const)(
  'refuses while a replay is %s, and a dry run says so',
  async (status) => {
    const open: Replay = { id: `r-${status}`, mode: 'fill' };
    await putReplay(open, { status });
    await rig.archive([lineOf(`h-${status}`, 'hal')]);
    const refused = await erase('hal', '--yes');
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toContain(
      `replay ${open.id} to email is ${status}: wait until it is done, or end it:`,
    );
    expect(refused.stderr).toMatch(new RegExp(`fanfare .*replay cancel ${open.id}`));
    expect(await rig.contentOf(rig.bucket())).toContain('hal@example.com');
    const dry = await erase('hal', '--dry-run');
    expect(dry.code).toBe(1);
    expect(reportOf(dry)).toMatchObject({
      openReplays: [{ id: open.id, consumer: 'email', status }],
      archive: { rewritten: 1 },
    });
    await putReplay(open, { status: 'cancelled' });
    const ended = await erase('hal', '--yes');
    expect(ended.code).toBe(0);
    expect(reportOf(ended).openReplays).toEqual([]);
  },
);

it('says to wait for a replay of another bus, which no command ends', async () => {
  const backfill: Replay = { id: 'r-backfill', mode: 'fill' };
  await putReplay(backfill, { status: 'running' }, 1);
  const { stderr } = await erase('ida', '--yes');
  expect(stderr).toContain('replay r-backfill to email is running: wait until it is done');
  expect(stderr).not.toContain('cancel');
  await putReplay(backfill, {}, 1);
});

it('erases nothing while it is not known whether a replay is open', async () => {
  const TableName = rig.deployment.archives[0]?.replayTable;
  const broken = { ...stateKey('r-broken'), content: { S: '{' } };
  await rig.clients.dynamodb.send(new PutItemCommand({ TableName, Item: broken }));
  await rig.archive([lineOf('u1', 'uma')]);
  const refused = await erase('uma', '--yes');
  expect(refused).toMatchObject({ code: 1 });
  expect(refused.stderr).toContain('nothing was erased, because it is not known which replays are open');
  expect(refused.stderr).toContain('r-broken');
  expect(await rig.contentOf(rig.bucket())).toContain('uma@example.com');
  expect(reportOf(await erase('uma', '--dry-run'))).toMatchObject({ archive: { rewritten: 1 } });
  await rig.clients.dynamodb.send(new DeleteItemCommand({ TableName, Key: stateKey('r-broken') }));
  expect((await erase('uma', '--yes')).code).toBe(0);
});

it('names a replay that has begun meanwhile', async () => {
  const { clients, deployment, where } = rig;
  const late: Replay = { id: 'r-late', mode: 'fill' };
  let calls = 0;
  const s3 = async () => {
    // The first is for the buckets, before it looks for replays; the next is for an archive.
    if (++calls === 2) await putReplay(late, { status: 'planning' });
    return clients.s3();
  };
  const report = await eraseHere(
    { clients: { ...clients, s3 }, deployment, place: where.place },
    {
      ...{ subjects: ['jim'], contracts: [], from: HOUR, to: HOUR + 1, dryRun: false },
      ...{ folder, files: [], signal: new AbortController().signal },
    },
  );
  expect(report.openReplays).toEqual([{ id: 'r-late', consumer: 'email', status: 'planning' }]);
  await putReplay(late);
});

it('cleans ended replays that name the person, and names a failed one', async () => {
  const where = { data: { customerId: ['kim'] } };
  const others = { data: { customerId: ['kimberly'] } };
  const of = (id: string): Replay => ({ id, mode: 'fill' });
  await putReplay(of('k-where'), { where });
  await putReplay(of('k-by'), { createdBy: 'kim@laptop', status: 'cancelled', problem: 'of kim' }, 1);
  await putReplay(of('k-others'), { where: others });
  await putReplay(of('k-failed'), { where, status: 'failed' });
  const left = [
    {
      what: 'replay k-failed to email',
      why: 'it names the person, and is failed; cancel it, and run the command again',
    },
  ];
  const before = await readReplay('k-where');
  expect(reportOf(await erase('kim', '--dry-run'))).toMatchObject({ replays: 2, left });
  expect(await readReplay('k-where')).toEqual(before);
  const ended = await erase('kim', '--yes');
  expect(ended.code).toBe(1);
  expect(reportOf(ended)).toMatchObject({ replays: 2, left });
  const { where: _, ...rest } = before ?? {};
  expect(await readReplay('k-where')).toEqual(rest);
  expect(await readReplay('k-by', 1)).toMatchObject({ createdBy: 'erased', problem: 'erased' });
  expect(await readReplay('k-others')).toMatchObject({ where: others, createdBy: 'bob@laptop' });
  expect(await readReplay('k-failed')).toMatchObject({ where });
  await putReplay(of('k-failed'), { where, status: 'cancelled' });
  const again = await erase('kim', '--yes');
  expect(again.code).toBe(0);
  expect(reportOf(again)).toMatchObject({ replays: 1, left: [] });
});

it('cleans a replay whose conditions are refused today, such as half an emoji', async () => {
  await putReplay({ id: 'l-old', mode: 'fill' }, { where: { data: { customerId: ['lea', '\ud83c'] } } });
  const ended = await erase('lea', '--yes');
  expect(ended.code).toBe(0);
  expect(reportOf(ended)).toMatchObject({ replays: 1, left: [] });
  expect(await readReplay('l-old')).not.toHaveProperty('where');
});
