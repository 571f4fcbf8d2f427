import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { startLocal } from '../../../lib/local/start-local.ts';
import { createOpsClients } from '../../../lib/ops/clients.ts';
import { countMessages } from '../../../lib/ops/count-messages.ts';
import { consumerNamed, type DeployedConsumer, readDeployment } from '../../../lib/ops/deployment.ts';
import { inParallel } from '../../../lib/ops/in-parallel.ts';
import { eventually, itemsOf, post } from '../../apps/client.ts';
import { committer } from '../../apps/faults/consumer.ts';
import { synthesizeApp } from '../../apps/synthesize-app.ts';
import { beginCommand, type Ended, fill, type Running, text } from '../../integration/ops/rig.ts';

/**
 * A night shift: events under faults, many dead letters, and an operator whose looks, redrives and purges are broken off. After each
 * step every event is in one place: done, in a queue, dead, or in the file of a purge. FANFARE_DRILL=full runs 3,000 events and
 * 10,000 dead letters, which takes some minutes.
 */
const FULL = process.env.FANFARE_DRILL === 'full';
const EVENTS = FULL ? 3_000 : 40;
const DEAD = FULL ? 10_000 : 200;
/** How the events fail, one after the other: half of them not at all, some once, some for ever. */
const FAULTS = ['none', 'throw-once', 'none', 'give-up', 'none', 'throw', 'none', 'exit-once'] as const;
const HOPELESS: readonly string[] = ['give-up', 'throw'];
const hopeless = (EVENTS / FAULTS.length) * HOPELESS.length;
const ALL = EVENTS + DEAD;
const STEP_MS = FULL ? 1_200_000 : 240_000;

const folder = mkdtempSync(join(tmpdir(), 'fanfare-drill-'));
const file = join(folder, 'purged.jsonl');
let assemblyDirectory: string;
let local: LocalStack;
let clients: ReturnType<typeof createOpsClients>;
let consumer: DeployedConsumer;
let purged: readonly string[] = [];
/** As they were when they were last checked. */
let books: Books;

beforeAll(async () => {
  assemblyDirectory = synthesizeApp({
    base: new URL('../../apps/faults/', import.meta.url).href,
    publishEntry: './publish.ts',
    consumers: [{ definition: committer, entry: './committer.ts' }],
  });
  local = await startLocal({
    assemblyDirectory,
    ports: { api: 0, aws: 0, dynamodb: 0 },
    log: () => undefined,
  });
  const { awsEndpoint, dynamodbEndpoint } = local;
  clients = createOpsClients({ kind: 'local', awsEndpoint, dynamodbEndpoint });
  consumer = consumerNamed(await readDeployment(clients, { app: 'shop', stage: 'dev' }), 'committer');
});

afterAll(async () => {
  clients.close();
  await local.stop();
  for (const directory of [assemblyDirectory, folder]) rmSync(directory, { recursive: true, force: true });
});

const begin = (...args: readonly string[]): Running =>
  beginCommand(['dlq', ...args], folder, {
    PATH: process.env.PATH,
    NO_COLOR: '1',
    FANFARE_AWS_PORT: new URL(local.awsEndpoint).port,
    FANFARE_DYNAMODB_PORT: new URL(local.dynamodbEndpoint).port,
  });
const run = (...args: readonly string[]): Promise<Ended> => begin(...args).ended;
/** What a command says with `--json`. */
const resultIn = ({ stdout }: Ended) => JSON.parse(stdout).data;
const resultOf = async (...args: readonly string[]) => resultIn(await run(...args, '--json'));
/** The events in the file of a purge. */
const idsIn = (path: string): readonly string[] =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => JSON.parse(line).data.eventId);

const totalOf = async (queueUrl: string): Promise<number> => {
  const { waiting, inFlight, delayed } = await countMessages(clients, queueUrl);
  return waiting + inFlight + delayed;
};
const dead = () => totalOf(consumer.deadLetterQueueUrl);
const held = async () => (await countMessages(clients, consumer.deadLetterQueueUrl)).inFlight;

/** The events that have had their effect, each once and no more. */
async function done(): Promise<readonly string[]> {
  const items = await itemsOf(local, 'Committer', 'EffectsTable');
  expect(items.filter(({ effects }) => effects?.N !== '1')).toEqual([]);
  return items.map(({ id }) => id?.S ?? '');
}

/** What a list says of the whole queue. */
async function listed() {
  const { code, stdout } = await run('list', 'committer', '--json');
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const eventIds: readonly string[] = lines.slice(0, -1).map(({ data }) => data.eventId);
  return { code, eventIds, summary: lines.at(-1).data };
}

interface Books {
  /** How many events are in each place. A process that dies after it has given an event up gives it up again: one event may be dead twice. */
  readonly done: number;
  readonly dead: number;
  readonly purged: number;
  /** Dead letters, however many of one event. */
  readonly letters: number;
  /** What the dead ones have died of. */
  readonly errorNames: readonly string[];
}

/** Waits until the consumer has nothing to do, checks that every event is in one place, and all counts of the queue agree. */
async function checkBooks(published: number): Promise<Books> {
  await eventually('nothing is to do', async () => (await totalOf(consumer.queueUrl)) === 0, STEP_MS);
  const { code, eventIds, summary } = await listed();
  const letters = await dead();
  expect({ code, listed: eventIds.length, ...summary }).toMatchObject({
    code: 0,
    listed: letters,
    count: letters,
    look: { ended: 'all', seen: letters, total: letters, withOthers: 0 },
  });
  expect(await totalOf(consumer.undeliveredQueueUrl)).toBe(0);
  const places = { done: new Set(await done()), dead: new Set(eventIds), purged: new Set(purged) };
  const everywhere = new Set([...places.done, ...places.dead, ...places.purged]);
  expect(everywhere.size).toBe(published);
  expect(places.done.size + places.dead.size + places.purged.size).toBe(published);
  books = {
    done: places.done.size,
    dead: places.dead.size,
    purged: places.purged.size,
    letters,
    errorNames: summary.reasons.map(({ errorName }: { errorName: string }) => errorName),
  };
  return books;
}

/** Lets a command begin, and breaks it off while it holds messages. */
async function breakOff(signal: NodeJS.Signals, ...args: readonly string[]): Promise<Ended> {
  const command = begin(...args);
  await eventually('it holds some', async () => (await held()) > 0);
  command.kill(signal);
  return command.ended;
}

it(
  'events under faults are done or dead',
  async () => {
    const events = Array.from({ length: EVENTS }, (_, index) => ({
      id: `event-${index}`,
      type: 'test.FaultRequested.v1',
      data: { fault: FAULTS[index % FAULTS.length] },
    }));
    await inParallel(events, 8, async (event) => {
      expect((await post(local, event)).status).toBe(202);
    });
    const { dead: deadEvents, errorNames } = await checkBooks(EVENTS);
    expect(deadEvents).toBeGreaterThanOrEqual(hopeless);
    expect(errorNames).toEqual(expect.arrayContaining(['PermanentError', 'Error']));
  },
  STEP_MS,
);

it(
  'many more are dead, and looks that are broken off change nothing',
  async () => {
    const before = await dead();
    const bodies = Array.from({ length: DEAD }, (_, index) =>
      JSON.stringify({
        specversion: '1.0',
        id: `dead-${index}`,
        source: '/test',
        type: 'test.FaultRequested.v1',
        data: { fault: 'none' },
      }),
    );
    const attributes = { errorName: text('Timeout'), errorMessage: text('the bank is slow') };
    await fill(clients, { queueUrl: consumer.deadLetterQueueUrl, bodies, attributes });
    for (const signal of ['SIGINT', 'SIGHUP'] as const) {
      await breakOff(signal, 'list', 'committer');
      expect(await held()).toBe(0);
    }
    expect(await checkBooks(ALL)).toMatchObject({ letters: before + DEAD });
  },
  STEP_MS,
);

it(
  'a canary goes first, and is done',
  async () => {
    const before = books;
    const listing = await run('list', 'committer', '--error', 'Timeout', '--limit', '1', '--json');
    const { messageId } = JSON.parse(listing.stdout.split('\n')[0] ?? '').data;
    expect(await resultOf('redrive', 'committer', messageId)).toMatchObject({ moved: 1, left: 0 });
    expect(await checkBooks(ALL)).toMatchObject({ done: before.done + 1, letters: before.letters - 1 });
  },
  STEP_MS,
);

it(
  'redrives that are broken off lose nothing, and say what they have moved',
  async () => {
    for (const [signal, choice] of [
      ['SIGINT', ['--error', 'Timeout']],
      ['SIGTERM', []],
    ] as const) {
      const before = await dead();
      const redrive = begin('redrive', 'committer', ...choice, '--per-second', '20', '--json');
      await eventually('some are moved', async () => (await dead()) < before);
      redrive.kill(signal);
      const { moved, stopped } = resultIn(await redrive.ended);
      expect({ stopped, held: await held() }).toEqual({ stopped: true, held: 0 });
      // What is moved and dies again is dead again.
      expect((await checkBooks(ALL)).letters).toBeGreaterThanOrEqual(before - moved);
    }
  },
  STEP_MS,
);

it(
  'a redrive whose command is killed goes on, is shown, and is stopped',
  async () => {
    const before = await dead();
    const redrive = begin('redrive', 'committer', '--per-second', '20');
    await eventually('some are moved', async () => (await dead()) < before);
    redrive.kill('SIGKILL');
    await redrive.ended;
    expect((await run('moves', 'committer')).stdout).toContain('running');
    expect(await run('cancel', 'committer')).toMatchObject({ code: 0 });
    expect((await run('moves', 'committer')).stdout).not.toContain('running');
    await eventually('nothing is held', async () => (await held()) === 0);
    await checkBooks(ALL);
  },
  STEP_MS,
);

it(
  'a purge can be undone',
  async () => {
    const before = books;
    const some = DEAD / 4;
    const choice = ['--error', 'Timeout', '--limit', String(some)];
    const result = await resultOf('purge', 'committer', ...choice, '--yes', '--file', file);
    expect(result).toMatchObject({ purged: some });
    purged = idsIn(file);
    expect(await checkBooks(ALL)).toMatchObject({ purged: some, letters: before.letters - some });
    expect(await resultOf('restore', file)).toMatchObject({ total: some, restored: some });
    purged = [];
    expect(await checkBooks(ALL)).toMatchObject({ done: before.done + some, letters: before.letters - some });
  },
  STEP_MS,
);

it(
  'in the end what can be done is done, and the rest is purged',
  async () => {
    expect(await run('redrive', 'committer', '--error', 'Timeout')).toMatchObject({ code: 0 });
    expect(await run('redrive', 'committer')).toMatchObject({ code: 0 });
    expect(await checkBooks(ALL)).toMatchObject({ done: ALL - hopeless, dead: hopeless });
    const rest = join(folder, 'rest.jsonl');
    const { purged: count } = await resultOf('purge', 'committer', '--yes', '--file', rest);
    purged = idsIn(rest);
    expect(count).toBe(purged.length);
    expect(await checkBooks(ALL)).toMatchObject({
      done: ALL - hopeless,
      dead: 0,
      purged: hopeless,
      letters: 0,
    });
  },
  STEP_MS,
);

it.runIf(FULL)(
  'a look that was killed hides messages for a minute at most, and everybody says so',
  async () => {
    const bodies = Array.from({ length: 500 }, (_, index) => `not an event ${index}`);
    await fill(clients, { queueUrl: consumer.deadLetterQueueUrl, bodies });
    await breakOff('SIGKILL', 'list', 'committer');
    const { code, summary } = await listed();
    const { seen, total, withOthers } = summary.look;
    expect({ code, total, sum: seen + withOthers }).toEqual({ code: 3, total: 500, sum: 500 });
    await eventually('all are back', async () => (await listed()).summary.look.seen === 500, 90_000);
  },
  STEP_MS,
);
