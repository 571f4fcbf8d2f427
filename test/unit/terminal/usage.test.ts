import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startCommand } from './command.ts';

describe('a command that is typed wrong', () => {
  it.each([
    ['a time that is empty', ['dlq', 'redrive', 'email', '--older-than', '']],
    ['a time that is none', ['dlq', 'purge', 'email', '--older-than', 'yesterday', '--yes']],
    ['a rate that is no number', ['dlq', 'redrive', 'email', '--per-second', 'abc']],
    ['a rate of none', ['dlq', 'redrive', 'email', '--per-second', '0']],
    ['an empty choice', ['dlq', 'purge', 'email', '--error', '', '--yes']],
    ['an empty id of a message', ['dlq', 'purge', 'email', '', '--yes']],
    ['a limit of none', ['dlq', 'redrive', 'email', '--limit', '0']],
    ['an empty id of an event', ['trace', '']],
    ['an empty source', ['trace', 'order-1', '--source', '']],
    ['an empty type', ['tail', '--type', 'shop.OrderPlaced', '']],
    ['an empty name of a consumer', ['tail', '--consumer', '']],
    ...['--source', '--subject', '--id', '--partition-key', '--url', '--profile', '--region', '--token'].map(
      (option): [string, string[]] => [
        `an empty ${option} of an event`,
        ['publish', 'shop.OrderPlaced', '--data', '{}', option, ''],
      ],
    ),
    ['an empty stage', ['status', '--stage', '']],
    ['a port that is none', ['status', '--aws-port', 'http']],
    ['a command that does not exist', ['stauts']],
  ])('by %s ends with 2, and does nothing', async (_, args) => {
    const { code, stdout, stderr } = await startCommand(args).ended;
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^error: /);
  });

  it.each([
    ['in longer than the default', ['--in', '31s', '--wait']],
    ['in longer than is said', ['--in', '2h', '--wait', '60']],
    ['at a time after the wait', ['--at', new Date(Date.now() + 3_600_000).toISOString(), '--wait', '600']],
  ])('because it waits for an event that comes %s ends with 2, and publishes nothing', async (_, args) => {
    const command = ['publish', 'shop.OrderPlaced', '--data', '{}', '--url', 'http://127.0.0.1:9', ...args];
    const { code, stderr } = await startCommand(command).ended;
    expect(stderr).toMatch(
      /^error: the event comes at \S+Z, after the \d+ seconds of --wait; wait longer, or leave --wait out/,
    );
    expect(code).toBe(2);
  });

  it('is told to a program as JSON', async () => {
    const { code, stdout } = await startCommand(['dlq', 'list', 'email', '--older-than', '', '--json']).ended;
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      fanfare: 1,
      kind: 'error',
      at: expect.stringMatching(/Z$/),
      error: { name: 'UsageError', message: expect.stringContaining('--older-than') },
    });
  });

  it('gets what it may have meant', async () => {
    expect((await startCommand(['stauts']).ended).stderr).toContain('status');
  });
});

describe('a command that fails', () => {
  it('is told to a program as JSON', async () => {
    const { code, stdout, stderr } = await startCommand(['status', '--aws-port', '9', '--json']).ended;
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'error', error: { message: expect.any(String) } });
    expect(stderr).toContain('nothing runs at');
  });

  it.each([
    ['SIGINT', 130, /^fanfare: the stacks cannot be read/],
    ['SIGTERM', 143, /^fanfare: the stacks cannot be read/],
    ['SIGHUP', 129, /^$/],
  ] as const)('after %s too says so, unless nobody is there to read it', async (signal, code, said) => {
    const server = createServer((_, response) => {
      running.child.kill(signal);
      setTimeout(() => response.writeHead(400).end(), 500);
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const running = startCommand(['status', '--watch', '1', '--aws-port', String(port)]);
    const ended = await running.ended;
    expect(ended).toMatchObject({ code, signal: null });
    expect(ended.stderr).toMatch(said);
  });
});

describe('an option before a subcommand', () => {
  it.each([
    [['replay', '--stage', 'prod', 'cancel', 'X'], '--stage'],
    [['replay', '--json', 'list'], '--json'],
    [['replay', '--yes', '--consumer', 'email', '--from', '1h', 'cancel', 'X'], '--yes'],
    [['replay', '--type', 'a', 'show', 'X'], '--type'],
    [['replay', '--aws-port', '9', 'pause', 'X'], '--aws-port'],
    [['dlq', '--stage', 'prod', 'list', 'email'], '--stage'],
    [['contracts', '--json', 'check'], '--json'],
    [['--stage', 'prod', 'status'], '--stage'],
  ] as const)('is refused, for it would be of no effect: %j', async (args, option) => {
    const { code, stderr } = await startCommand([...args]).ended;
    expect(code).toBe(2);
    expect(stderr).toContain(`${option}`);
    expect(stderr).not.toContain('nothing runs at');
  });
});

describe('a range of times that is none is refused with what was typed', () => {
  it.each([
    [['events', '--to', '2020-01-01'], 'it begins 1h ago if --from does not say otherwise'],
    [['events', '--from', '2999-01-01'], '--from is not in the past'],
    [['events', '--from', '1h', '--to', '2h'], '--from is not before --to'],
    [['events', '--from', '99999999d'], 'before 1970'],
    [['events', '--from', '1969-12-31'], 'before 1970'],
    [['erase', '--subject', 'a', '--from', '2999-01-01', '--dry-run'], '--from is not in the past'],
    [['erase', '--subject', 'a', '--from', '99999999d', '--dry-run'], 'before 1970'],
    [['trace', 'a', '--from', '1h', '--to', '2h'], '--from is not before --to'],
    [['trace', 'a', '--from', '99999999d'], 'before 1970'],
    [['replay', '--consumer', 'email', '--from', '2999-01-01', '--yes'], '--from is not in the past'],
    [['replay', '--consumer', 'email', '--from', '99999999d', '--yes'], 'before 1970'],
    [['dlq', 'list', 'email', '--older-than', '99999999d'], 'before 1970'],
  ] as const)('%j', async (args, reason) => {
    const { code, stderr } = await startCommand([...args]).ended;
    expect(stderr).toContain(reason);
    expect(code).toBe(2);
  });
});

it.each([
  ['--local', '--local'],
  ['--stage', '--stage', 'prod'],
  ['--region', '--stage', 'prod', '--region', 'eu-west-1'],
] as const)(
  'contracts accept refuses %s without --retire, which alone asks an archive',
  async (name, ...args) => {
    const { code, stderr } = await startCommand(['contracts', 'accept', ...args]).ended;
    expect(stderr).toMatch(
      /^error: --\w+ names the archive that --retire asks; say --retire too, or leave it out/,
    );
    expect(stderr).toContain(name === '--region' ? '--' : name);
    expect(code).toBe(2);
  },
);
