import { rmSync } from 'node:fs';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { archivedOf, eventOf, objectOf, type WrittenObject } from '../../apps/archive/archive-objects.ts';
import { eventually, itemsOf } from '../../apps/client.ts';
import { keeper, neighbour } from '../../apps/replay/consumers.ts';
import { synthesizeApp } from '../../apps/synthesize-app.ts';
import { run } from '../local/assembly.ts';
import { expectDocumented } from './documented-shapes.ts';
import { beginFanfare, type Ended, runFanfare } from './run-fanfare.ts';

const DAY = 86_400_000;
const assemblyDirectory = synthesizeApp({
  base: new URL('../../apps/replay/', import.meta.url).href,
  publishEntry: './publish.ts',
  consumers: [keeper, neighbour].map((definition) => ({ definition, entry: './handler.ts' })),
});
let local: LocalStack;
let s3: S3Client;
/** A day that no test has used. */
let day = Date.parse('2020-01-01T00:00:00Z');

beforeAll(async () => {
  local = await run(assemblyDirectory);
  s3 = new S3Client({
    endpoint: local.awsEndpoint,
    region: 'eu-west-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
});
afterAll(() => rmSync(assemblyDirectory, { recursive: true, force: true }));
beforeEach(() => {
  day += DAY;
});

async function put(...objects: readonly WrittenObject[]): Promise<void> {
  const Bucket = local.find('shop-dev-Bus', 'Data').physicalId;
  for (const { key, body } of objects) await s3.send(new PutObjectCommand({ Bucket, Key: key, Body: body }));
}

/** Notes of the day, red and blue by turns. */
function notes(prefix: string, count: number, type = 'notes.NoteTaken.v1'): WrittenObject {
  return objectOf(
    Array.from({ length: count }, (_, n) => {
      const data = { n, colour: n % 2 === 0 ? 'red' : 'blue' };
      return archivedOf(eventOf({ id: `${prefix}-${n}`, source: '/notes', type, data }), day + n);
    }),
  );
}

const replay = (...args: readonly string[]): Promise<Ended> => runFanfare(local, ['replay', ...args]);
const times = () => ['--from', new Date(day).toISOString(), '--to', new Date(day + DAY).toISOString()];
const start = (...args: readonly string[]) => replay('--consumer', 'keeper', ...times(), ...args);
const dataOf = ({ stdout }: Ended) => JSON.parse(stdout).data;

/** How often a consumer has acted on each note that begins so. */
async function handled(consumer: string, prefix: string): Promise<Record<string, number>> {
  const items = await itemsOf(local, `shop-dev-${consumer}`, 'NotesTable');
  const pairs = items.map((item) => [item.id?.S ?? '', Number(item.times?.N)] as const);
  return Object.fromEntries(pairs.filter(([id]) => id.startsWith(`${prefix}-`)));
}

describe('fanfare replay', () => {
  it('gives one consumer what its filter takes, and does what its dry run has said', async () => {
    await put(
      notes('a', 20),
      notes('dropped', 6, 'notes.NoteDropped.v1'),
      notes('other', 3, 'notes.Lost.v1'),
    );
    const dry = dataOf(await start('--dry-run', '--json'));
    const ended = await start('--yes', '--json');
    expect(ended).toMatchObject({ code: 0 });
    expectDocumented('replayDryRun', dry);
    expectDocumented('replay', dataOf(ended));
    expectDocumented('replays', dataOf(await replay('list', '--json')));
    const { read, sent, filtered, duplicates, unreadable } = dataOf(ended);
    expect({ read, sent, filtered, duplicates, unreadable }).toEqual({
      read: dry.read,
      sent: dry.sent,
      filtered: dry.filtered,
      duplicates: dry.duplicates,
      unreadable: dry.unreadable,
    });
    expect(sent).toBe(16);
    await eventually('all are handled', async () => {
      const of = { ...(await handled('Keeper', 'a')), ...(await handled('Keeper', 'dropped')) };
      return Object.keys(of).length === 16;
    });
    expect(await handled('Neighbour', 'a')).toEqual({});
    expect(await handled('Neighbour', 'dropped')).toEqual({});
  });

  it('fills what is missing, and repeats only what it is told to repeat', async () => {
    await put(notes('b', 4));
    const one = ['--yes', '--json', '--where', '{"data":{"n":[0]}}'];
    await start(...one);
    await eventually('one is handled', async () => (await handled('Keeper', 'b'))['b-0'] === 1);
    await start('--yes', '--json');
    await eventually('the other is handled too', async () => (await handled('Keeper', 'b'))['b-2'] === 1);
    expect(await handled('Keeper', 'b')).toEqual({ 'b-0': 1, 'b-2': 1 });
  });

  it('names the object that it cannot read, sends the rest and ends with 1', async () => {
    const broken = notes('broken', 4);
    await put({ ...broken, body: broken.body.subarray(0, 30) }, notes('c', 4, 'notes.NoteDropped.v1'));
    const ended = await start('--yes', '--json');
    expect(ended.code).toBe(1);
    const { id, sent, unreadable } = dataOf(ended);
    expect({ sent, unreadable: unreadable > 0 }).toEqual({ sent: 4, unreadable: true });
    const shown = await replay('show', id);
    expect(shown.code).toBe(1);
    expect(shown.stdout).toContain(broken.key);
    expect((await start('--dry-run')).code).toBe(1);
  });

  it('goes on when the command has ended, and can be paused, resumed and cancelled', async () => {
    await put(notes('d', 400, 'notes.NoteDropped.v1'));
    const begun = beginFanfare(local, ['replay', '--consumer', 'keeper', ...times(), '--yes', '--rate', '5']);
    await eventually('it has started', () => /Replay \S+ has started/.test(begun.output.stdout));
    begun.interrupt();
    const { code, stderr, stdout } = await begun.ended;
    expect(code).toBe(0);
    expect(stderr).toContain('The replay goes on.');
    const [, id = ''] = /Replay (\S+) has started/.exec(stdout) ?? [];
    await eventually('it sends', async () => Object.keys(await handled('Keeper', 'd')).length > 0);
    expect((await replay('pause', id)).stdout).toContain('paused');
    await eventually('it has stopped', async () => dataOf(await replay('show', id, '--json')).sent > 0);
    const { sent } = dataOf(await replay('show', id, '--json'));
    expect(sent).toBeLessThan(400);
    const line = `replay ${id} to keeper (fill): paused`;
    expect((await runFanfare(local, ['status'])).stdout).toContain(line);
    const doctor = await runFanfare(local, ['doctor', '--assembly', assemblyDirectory]);
    expect(doctor.stdout).toContain(`replay ${id} to keeper is paused: the rest is not sent`);
    expect((await replay('resume', id, '--json')).code).toBe(0);
    await eventually('it goes on', async () => dataOf(await replay('show', id, '--json')).sent > sent);
    expect((await replay('cancel', id)).stdout).toContain('cancelled');
    const again = await replay('resume', id);
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('the replay is cancelled') });
    expect((await replay('list')).stdout).toContain(id);
  });
});

describe('what is refused before anything is sent', () => {
  it.each([
    [['--consumer', 'keper', '--from', '2h', '--yes'], 2, "there is no consumer 'keper'"],
    [['--from', '2h', '--yes'], 2, 'say to whom: --consumer'],
    [['--consumer', 'keeper', '--yes'], 2, 'say from when on: --from'],
    [['--consumer', 'keeper', '--from', '1h', '--to', '2h', '--yes'], 2, '--from is not before --to'],
    [['--consumer', 'keeper', '--from', '2h', '--to', '2999-01-01', '--yes'], 2, '--to lies ahead'],
    [['--consumer', 'keeper', '--from', '2h'], 2, 'cannot ask here; add --yes'],
    [
      ['--consumer', 'keeper', '--from', '2h', '--type', 'notes.NoteTkaen', '--yes'],
      2,
      'did you mean notes.NoteTaken',
    ],
    [['--consumer', 'keeper', '--from', '2h', '--where', '{"a":[{"b":1}]}', '--yes'], 2, '--where:'],
    [['show', 'nothing'], 2, "there is no replay 'nothing'"],
  ] as const)('%j', async (args, code, reason) => {
    const ended = await replay(...args);
    expect(ended.stderr).toContain(reason);
    expect(ended.code).toBe(code);
  });
});
