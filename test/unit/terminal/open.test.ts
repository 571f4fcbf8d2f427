import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { eventually } from '../../apps/client.ts';
import { startCommand } from './command.ts';

/** Has programs that only note which address they were to open. */
const folder = mkdtempSync(join(tmpdir(), 'fanfare-open-'));
const opened = join(folder, 'opened');
const server = createServer((_, response) => response.writeHead(404).end());
let url: string;

beforeAll(async () => {
  for (const name of ['xdg-open', 'open']) {
    writeFileSync(join(folder, name), `#!/bin/sh\necho "$@" > ${opened}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
});

beforeEach(() => rmSync(opened, { force: true }));

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

const open = (args: readonly string[], screen: Readonly<Record<string, string>> = { DISPLAY: ':9' }) =>
  startCommand(['open', ...args], {
    PATH: `${folder}${delimiter}${process.env.PATH}`,
    FANFARE_URL: url,
    ...screen,
  }).ended;

it.each([
  ['api', '/'],
  ['docs', '/docs'],
])('open prints the address of the %s and opens it', async (what, path) => {
  const { code, stdout } = await open([what, '--json']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout).data).toEqual({ what, url: `${url}${path}`, opened: true });
  await eventually('it is opened', () => existsSync(opened) && readFileSync(opened, 'utf8') !== '');
  expect(readFileSync(opened, 'utf8')).toBe(`${url}${path}\n`);
});

it('open takes the console, when nothing else is said, and tells who can use its address', async () => {
  const { code, stdout, stderr } = await open(['--console-port', new URL(url).port]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: `${url}/\n` });
  expect(stderr).toContain('needs the address that its command has printed');
});

it.each([
  ['--print is said', ['--print'], { DISPLAY: ':9' }],
  ['there is no screen', [], {}],
])('open only prints when %s', async (_, args, screen) => {
  if (process.platform !== 'linux' && args.length === 0) return;
  expect(await open(['api', ...args], screen)).toMatchObject({ code: 0, stdout: `${url}/\n` });
  expect(existsSync(opened)).toBe(false);
});

it.each([
  [['console', '--console-port', '9'], 3, 'nothing answers at http://127.0.0.1:9/'],
  [['console', '--stage', 'prod'], 2, 'npx fanfare console --app shop --stage prod'],
  [['docs', '--stage', 'prod'], 2, 'on this machine only'],
  [['consol'], 2, 'console, api, docs'],
  [['api', '--url', 'http://192.0.2.1'], 2, 'neither https nor of this machine'],
  [['api', '--url', 'file:///etc/passwd'], 2, 'neither https nor of this machine'],
  [['api', '--url', '--help'], 2, 'neither https nor of this machine'],
])('open %j says what is wrong, and opens nothing', async (args, code, message) => {
  expect(await open(args)).toMatchObject({ code, stderr: expect.stringContaining(message) });
  expect(existsSync(opened)).toBe(false);
});
