import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';

const FANFARE = join(process.cwd(), 'lib/cli/fanfare.ts');
const project = mkdtempSync(join(tmpdir(), 'fanfare-wait-'));
writeFileSync(join(project, 'cdk.json'), JSON.stringify({ app: 'node app.ts', context: { app: 'post' } }));
symlinkSync(fileURLToPath(new URL('../../apps/parcels/events', import.meta.url)), join(project, 'events'));

afterAll(() => rmSync(project, { recursive: true, force: true }));

type Answer = (response: ServerResponse, turn: number) => void;

const hang: Answer = () => undefined;
const noRoute: Answer = (response) => response.writeHead(404).end('{"message":"Not Found"}');

/** Runs `fanfare publish` against an API that takes every event, and answers requests for receipts so. */
async function publish(answer: Answer, args: readonly string[]) {
  let turn = 0;
  const server = createServer((request, response) => {
    if (request.method === 'POST') response.writeHead(202).end('{}');
    // It is no bus on this machine, whose time may be ahead.
    else if (request.url?.startsWith('/_fanfare/')) response.writeHead(404).end();
    else answer(response, turn++);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const data = JSON.stringify({ parcelId: 'p', courier: 'works', country: 'DE' });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const url = `http://127.0.0.1:${address.port}`;
  const child = spawn(
    process.execPath,
    [FANFARE, 'publish', 'post.ParcelSent', '--data', data, '--id', 'e-1', '--url', url, ...args],
    { cwd: project, env: { PATH: process.env.PATH, NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const code = new Promise((resolve) => child.once('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, stdout, stderr };
}

const linesOf = (stdout: string) =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('an API that never answers', () => {
  it('ends the waiting with 1 when the time is over, and the event is published', async () => {
    const { code, stdout, stderr } = await publish(hang, ['--wait', '1']);
    expect(stdout).toBe('Published post.ParcelSent.v1 e-1 (/fanfare/cli)\n');
    expect(stderr).toBe(
      'fanfare: post.ParcelSent.v1 e-1 is published, but what became of it is not known: the API has not answered before the time was over\n',
    );
    expect(code).toBe(1);
  });

  it('after a receipt leaves that one', async () => {
    const receipt = {
      id: 'e-1',
      source: '/fanfare/cli',
      seen: false,
      settled: false,
      consumers: [{ consumer: 'books', status: 'waiting' }],
    };
    const once: Answer = (response, turn) => {
      if (turn === 0) response.end(JSON.stringify(receipt));
    };
    const { code, stdout } = await publish(once, ['--wait', '1', '--json']);
    expect(linesOf(stdout)).toMatchObject([
      { kind: 'published', data: { id: 'e-1' } },
      { kind: 'receipt', data: receipt },
      { kind: 'error', error: { name: 'NoAnswerInTimeError' } },
    ]);
    expect(code).toBe(1);
  });
});

describe('a bus that has no receipts', () => {
  it('ends with 3, which is not the code of an event that is not published', async () => {
    const { code, stdout, stderr } = await publish(noRoute, ['--wait']);
    expect(stdout).toBe('Published post.ParcelSent.v1 e-1 (/fanfare/cli)\n');
    expect(stderr).toContain('fanfare: post.ParcelSent.v1 e-1 is published, but');
    expect(stderr).toContain('HTTP 404: Not Found; the bus has no receipts yet: deploy it');
    expect(code).toBe(3);
  });

  it('as JSON says first what is published', async () => {
    const { code, stdout } = await publish(noRoute, ['--wait', '--json']);
    expect(linesOf(stdout)).toMatchObject([
      { kind: 'published', data: { id: 'e-1', source: '/fanfare/cli', type: 'post.ParcelSent.v1' } },
      { kind: 'error', error: { message: expect.stringContaining('e-1 is published') } },
    ]);
    expect(code).toBe(3);
  });
});

it('a type where the seconds belong is said to be one', async () => {
  const { code, stderr } = await publish(noRoute, ['--wait', 'post.ParcelSent']);
  expect(stderr).toContain('Put the type of the event before --wait.');
  expect(code).toBe(2);
});
