import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetItemCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import type { LocalStack } from '../../../lib/local/local-stack.ts';
import { deadLettersOf, eventually, itemsOf, post } from '../../apps/client.ts';
import { claimer, committer } from '../../apps/faults/consumer.ts';
import { synthesizeApp } from '../../apps/synthesize-app.ts';
import { functionOf, idOf, newFolder, run, stop, writeAssembly } from './assembly.ts';

const EVENTS = 200;
const KILLS = 5;
const STACKS = ['Claimer', 'Committer'];

const app = synthesizeApp({
  base: new URL('../../apps/faults/', import.meta.url).href,
  publishEntry: './publish.ts',
  // So much time that a busy machine alone lets none of them run out of it.
  consumers: [claimer, committer].map((consumer) => ({
    definition: { ...consumer, timeoutSeconds: 20 },
    entry: `./${consumer.name}.ts`,
  })),
});
afterAll(() => rmSync(app, { recursive: true, force: true }));

const lines: string[] = [];
const log = (line: string): void => void lines.push(line);
afterEach(() => void lines.splice(0));

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** All processes that live; one that has ended and that nobody has waited for (Z) does not. */
function processes(): readonly Process[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,state=,comm='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , state = '']) => !state.startsWith('Z'))
    .map(([pid, parent, , command = '']) => ({ pid: Number(pid), parent: Number(parent), command }));
}

/** The engines of this process's stacks, each the child of a shell that is ours. */
function engines(): readonly Process[] {
  const all = processes();
  const shells = all.filter(({ parent }) => parent === process.pid).map(({ pid }) => pid);
  return all.filter(({ parent, command }) => shells.includes(parent) && command.includes('dynoxide'));
}

function enginePids(): readonly number[] {
  return engines().map(({ pid }) => pid);
}

/** Kills what ends the engine when this process has ended: a shell beside the engine. @returns the engine */
function killWatchdog(): Process {
  const [engine = expect.fail()] = engines();
  const watchdogs = processes().filter(({ parent, pid }) => parent === engine.parent && pid !== engine.pid);
  expect(watchdogs).toHaveLength(1);
  for (const { pid } of watchdogs) process.kill(pid, 'SIGKILL');
  return engine;
}

/** Kills the engine as the system does when there is no memory left. */
function killEngine(): void {
  const pids = enginePids();
  expect(pids).toHaveLength(1);
  for (const pid of pids) process.kill(pid, 'SIGKILL');
}

const died = () =>
  lines.filter((line) => line.startsWith('DynamoDB has died and is being started again on the same data'))
    .length;
const isBack = () => lines.filter((line) => line.startsWith('DynamoDB runs again after')).length;

describe.each([
  ['kept on disk', () => newFolder()],
  ['kept nowhere', () => undefined],
])('an engine that is killed in the middle of work, with data that is %s', (_, folder) => {
  it('comes back with all of it: every event has its effect once, and none dies', async () => {
    const local = await run(app, { dataDirectory: folder(), log });
    const ids = Array.from({ length: EVENTS }, (_, index) => `event-${index}`);
    const publishing = (async () => {
      for (const id of ids) await publish(local, id);
    })();
    for (let kill = 0; kill < KILLS; kill++) {
      await eventually('something is under way', () => !local.isQuiet() || kill > 0);
      await sleep(150);
      killEngine();
      await eventually('it is back', () => isBack() === kill + 1);
    }
    await publishing;
    await eventually('all is done', () => local.isQuiet(), 60_000);
    for (const stack of STACKS) {
      const effects = await itemsOf(local, stack, 'EffectsTable');
      const counted = effects.map(({ id, effects: count }) => [id?.S, count?.N]);
      expect(new Map(counted.map(([id, count]) => [id, count]))).toEqual(new Map(ids.map((id) => [id, '1'])));
      expect(await deadLettersOf(local, stack)).toEqual([]);
    }
    expect(died()).toBe(KILLS);
    await stop(local);
  }, 120_000);
});

async function publish(local: LocalStack, id: string): Promise<void> {
  const event = { id, type: 'test.FaultRequested.v1', data: { fault: 'none' } };
  expect(await post(local, event)).toMatchObject({ status: 202 });
}

/** A table, and a queue with a function that says what it was given, and for which time. */
const shop = (() => {
  const worker = functionOf(
    `exports.handler = async ({ Records }) => { for (const { body, attributes } of Records) console.log('DONE', body, attributes.ApproximateReceiveCount); }`,
  );
  return writeAssembly({
    resources: {
      Table: {
        Type: 'AWS::DynamoDB::Table',
        Properties: {
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        },
      },
      Queue: { Type: 'AWS::SQS::Queue' },
      Worker: worker.resource,
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: { EventSourceArn: { 'Fn::GetAtt': ['Queue', 'Arn'] }, FunctionName: { Ref: 'Worker' } },
      },
    },
    bundles: { ...worker.bundles },
  });
})();
const put = (local: LocalStack, id: string) =>
  local.dynamodb.send(new PutItemCommand({ TableName: idOf(local, 'Table'), Item: { id: { S: id } } }));

describe('while the engine is unreachable', () => {
  it('a request waits, and is answered by the next engine with what the last one had', async () => {
    const local = await run(shop, { log });
    await put(local, 'a');
    killEngine();
    const Key = { id: { S: 'a' } };
    const TableName = idOf(local, 'Table');
    const { Item } = await local.dynamodb.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
    expect(Item).toEqual(Key);
    await eventually('the terminal says both', () => died() === 1 && isBack() === 1);
    await stop(local);
  });

  it('what was written to the last moment is there, each time', async () => {
    const local = await run(shop, { log });
    let written = 0;
    let isOver = false;
    const writing = (async () => {
      for (; !isOver; written++) await put(local, `item-${written}`);
    })();
    for (let kill = 0; kill < 4; kill++) {
      const before = written;
      await eventually('more is written', () => written > before + 20);
      killEngine();
      await eventually('it is back', () => isBack() === kill + 1);
    }
    isOver = true;
    await writing;
    const { Count } = await local.dynamodb.send(
      new ScanCommand({ TableName: idOf(local, 'Table'), Select: 'COUNT' }),
    );
    expect(Count).toBe(written);
    await stop(local);
  });

  it('no message is handed to a function, however long it takes: none is received in vain', async () => {
    const dataDirectory = newFolder();
    const local = await run(shop, { dataDirectory, log, verbose: true });
    await put(local, 'a');
    // A folder in the place of its file keeps the next engine from starting.
    const file = join(dataDirectory, 'dynamodb', 'dynamodb.sqlite');
    renameSync(file, `${file}.away`);
    mkdirSync(file);
    killEngine();
    await eventually('it has been tried in vain', () =>
      lines.some((line) => line.startsWith('DynamoDB did not start; the next try is in')),
    );
    await local.sqs.send(new SendMessageCommand({ QueueUrl: idOf(local, 'Queue'), MessageBody: 'later' }));
    const asked = put(local, 'b');
    await sleep(2_000);
    expect([lines.filter((line) => line.includes('DONE')), isBack()]).toEqual([[], 0]);
    rmdirSync(file);
    renameSync(`${file}.away`, file);
    await asked;
    await eventually('it is done', () => lines.some((line) => line.includes('DONE later 1')));
    const { Count } = await local.dynamodb.send(new ScanCommand({ TableName: idOf(local, 'Table') }));
    expect([Count, isBack()]).toEqual([2, 1]);
    await stop(local);
  });

  it('everything can be stopped', async () => {
    const dataDirectory = newFolder();
    const local = await run(shop, { dataDirectory, log });
    const file = join(dataDirectory, 'dynamodb', 'dynamodb.sqlite');
    rmSync(file);
    mkdirSync(file);
    killEngine();
    await eventually('it has been tried in vain', () =>
      lines.some((line) => line.startsWith('DynamoDB did not start; the next try is in')),
    );
    const asked = put(local, 'b').catch(() => 'refused');
    await stop(local);
    expect(await asked).toBe('refused');
    expect(enginePids()).toEqual([]);
  });
});

describe('an engine whose watchdog was killed', () => {
  it('is ended with the stack', async () => {
    const local = await run(shop, { log });
    const { pid } = killWatchdog();
    await stop(local);
    expect(processes().filter((one) => one.pid === pid)).toEqual([]);
  }, 15_000);

  it('is gone before the next one starts when its shell is killed too', async () => {
    const dataDirectory = newFolder();
    const local = await run(shop, { dataDirectory, log });
    await put(local, 'a');
    const { pid, parent } = killWatchdog();
    process.kill(parent, 'SIGKILL');
    await eventually('it is back', () => isBack() === 1);
    expect(processes().filter((one) => one.pid === pid)).toEqual([]);
    const { Count } = await local.dynamodb.send(new ScanCommand({ TableName: idOf(local, 'Table') }));
    expect([Count, enginePids().length]).toEqual([1, 1]);
    await stop(local);
  });
});

it('leaves no folder and no process behind when it is stopped', async () => {
  // Its own, for other tests make such folders in the machine's at the same time.
  vi.stubEnv('TMPDIR', newFolder());
  const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('fanfare-'));
  const local = await run(shop, { log });
  expect(folders()).not.toEqual([]);
  killEngine();
  await eventually('it is back', () => isBack() === 1);
  await stop(local);
  expect(enginePids()).toEqual([]);
  expect(folders()).toEqual([]);
  vi.unstubAllEnvs();
});
