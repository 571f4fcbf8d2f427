import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { DynamoDBSupervisor } from '../../../lib/local/engines/dynamodb-supervisor.ts';
import { reservePort } from '../../../lib/local/engines/reserve-port.ts';
import { DataInUseError, lockData } from '../../../lib/local/state/data-lock.ts';
import { newFolder, run, stop, writeAssembly } from './assembly.ts';

const assembly = writeAssembly({ resources: { Queue: { Type: 'AWS::SQS::Queue' } } });
const inUseBy = (directory: string, by: number | undefined) =>
  new DataInUseError(
    `the data directory ${directory} is in use by process ${by}; stop that one, or start with another data directory`,
  );

describe('a second start on a data directory', () => {
  const others: ChildProcess[] = [];
  afterEach(() => {
    for (const other of others.splice(0)) other.kill('SIGKILL');
  });

  /** Another process that locks the directory, and stays. */
  async function lockInOther(directory: string): Promise<ChildProcess> {
    const module = pathToFileURL('lib/local/state/data-lock.ts').href;
    const source = `import { lockData } from '${module}';
      globalThis.unlock = lockData(process.argv[1]); console.log('locked'); setInterval(() => undefined, 1_000);`;
    const other = spawn(process.execPath, ['--input-type=module', '-e', source, directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    others.push(other);
    await once(other.stdout ?? expect.fail(), 'data');
    return other;
  }

  it('is refused as long as the first runs, however often it is tried', async () => {
    const dataDirectory = newFolder();
    const first = await run(assembly, { dataDirectory });
    for (const _ of ['second', 'third'])
      await expect(run(assembly, { dataDirectory })).rejects.toThrow(inUseBy(dataDirectory, process.pid));
    await stop(first);
    await stop(await run(assembly, { dataDirectory }));
  });

  it('is refused before anything there is opened', async () => {
    const dataDirectory = join(newFolder(), 'made', 'here');
    const other = await lockInOther(dataDirectory);
    await expect(run(assembly, { dataDirectory })).rejects.toThrow(inUseBy(dataDirectory, other.pid));
    expect(readdirSync(dataDirectory).toSorted()).toEqual(['runner.lock', 'runner.pid']);
  });

  it('is possible at once when the first was killed', async () => {
    const dataDirectory = newFolder();
    const other = await lockInOther(dataDirectory);
    const ended = once(other, 'exit');
    other.kill('SIGKILL');
    await ended;
    await stop(await run(assembly, { dataDirectory }));
  });

  it('a lock that is no database is named', () => {
    const directory = newFolder();
    writeFileSync(join(directory, 'runner.lock'), 'no database'.repeat(100));
    expect(() => lockData(directory)).toThrow(
      `the data directory ${directory} cannot be locked: file is not a database; remove runner.lock from it, or start with another data directory`,
    );
  });

  it('a directory that is released can be locked again', () => {
    const directory = newFolder();
    const unlock = lockData(directory);
    expect(() => lockData(directory)).toThrow(inUseBy(directory, process.pid));
    unlock();
    lockData(directory)();
  });
});

describe('a start that fails leaves nothing open', () => {
  it.each<[string, (dataDirectory: string) => void, RegExp]>([
    [
      'because what other apps have here cannot be read',
      (data) => {
        mkdirSync(join(data, 'guests'));
        writeFileSync(join(data, 'guests', 'guests.json'), '');
      },
      /^what other apps have here cannot be read from /,
    ],
    [
      'because the schedules are a folder',
      (data) => mkdirSync(join(data, 'scheduler/schedules.jsonl'), { recursive: true }),
      /EISDIR/,
    ],
    [
      'because the mail is a folder',
      (data) => mkdirSync(join(data, 'mail/mail.jsonl'), { recursive: true }),
      /EISDIR/,
    ],
    [
      'because the queues are no database',
      (data) => {
        mkdirSync(join(data, 'messaging'));
        writeFileSync(join(data, 'messaging', 'fauxqs.db'), 'no database'.repeat(100));
      },
      /^the queues and topics in .* cannot be opened/,
    ],
    [
      'because the tables are a folder',
      (data) => mkdirSync(join(data, 'dynamodb/dynamodb.sqlite'), { recursive: true }),
      /^the tables in .* cannot be opened/,
    ],
  ])('%s', async (_, spoil, message) => {
    const dataDirectory = newFolder();
    spoil(dataDirectory);
    const use = { what: '', flag: '', variable: '' };
    const dynamodb = await reservePort(0, use);
    const started = run(assembly, { dataDirectory, ports: { api: 0, aws: 0, dynamodb } });
    await expect(started).rejects.toThrow(message);
    expect(await reservePort(dynamodb, use)).toBe(dynamodb);
    lockData(dataDirectory)();
  });
});

it.each<[string, string, string, RegExp]>([
  ['a part cannot be opened', 'AWS::SQS::Queue', '', /^what other apps have here cannot be read from /],
  ['the app cannot be deployed', 'AWS::Unknown::Thing', '{}', /AWS::Unknown::Thing/],
])('a start that fails because %s says so, also when closing fails', async (_, Type, guests, message) => {
  const dataDirectory = newFolder();
  if (guests === '') {
    mkdirSync(join(dataDirectory, 'guests'));
    writeFileSync(join(dataDirectory, 'guests', 'guests.json'), guests);
  }
  const end = DynamoDBSupervisor.prototype.stop;
  using stopping = vi.spyOn(DynamoDBSupervisor.prototype, 'stop').mockImplementation(async function (
    this: DynamoDBSupervisor,
  ) {
    await end.call(this);
    throw new Error('the engine cannot be closed');
  });
  const started = run(writeAssembly({ resources: { Thing: { Type } } }), { dataDirectory });
  await expect(started).rejects.toThrow(message);
  expect(stopping).toHaveBeenCalledOnce();
  lockData(dataDirectory)();
});
