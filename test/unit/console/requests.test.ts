import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from 'vitest';
import { read } from '../../../lib/console/action.ts';
import { deadLetterActions } from '../../../lib/console/actions/dead-letter-actions.ts';
import type { ConsoleContext } from '../../../lib/console/console-context.ts';
import type { LiveFeed } from '../../../lib/console/live-feed.ts';
import { type RunningConsole, startConsole } from '../../../lib/console/start-console.ts';
import { UnreadableError } from '../../../lib/ops/errors.ts';

let running: RunningConsole;
let session: Readonly<Record<string, string>>;

// No request here gets as far as a client or a queue, and nobody looks at the live feed.
const deployed = {
  readOnly: true,
  deployment: { consumers: [], incomplete: [] },
} as unknown as ConsoleContext;
const live = { stop: async () => undefined } as unknown as LiveFeed;

beforeAll(async () => {
  const actions = [
    ...deadLetterActions(deployed),
    read('/api/echo/:name', async ({ name }) => ({ name })),
    read('/api/half', async () => {
      throw new UnreadableError('too little is known of the consumer');
    }),
    read('/api/broken', async () => {
      throw new RangeError('an error of the console');
    }),
  ];
  running = await startConsole({ port: 0, actions, live, meta: {} });
  const opened = await fetch(`${running.url}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: new URL(running.signInUrl).hash.slice('#token='.length) }),
  });
  const { key } = JSON.parse(await opened.text());
  session = { cookie: opened.headers.get('set-cookie')?.split(';')[0] ?? '', 'x-fanfare-key': key };
  return () => running.stop();
});

const get = async (path: string): Promise<[number, unknown]> => {
  const answer = await fetch(`${running.url}${path}`, { headers: session });
  return [answer.status, await answer.json()];
};

/** The status of an answer to a request target as it is: fetch would change it. */
async function statusOf(target: string, method = 'GET'): Promise<number> {
  const { hostname, port, host } = new URL(running.url);
  const socket = connect(Number(port), hostname);
  const headers = { ...session, host, connection: 'close' };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n`);
  return Number(/^HTTP\/1\.1 (\d+)/.exec(await text(socket))?.[1]);
}

describe('the console answers', () => {
  it('404 for dead letters of a consumer that does not exist', async () => {
    const answer = await fetch(`${running.url}/api/dead-letters/nobody`, {
      method: 'POST',
      headers: { ...session, 'content-type': 'application/json' },
      body: '{}',
    });
    expect(answer.status).toBe(404);
    expect(await answer.json()).toEqual({ problem: "there is no consumer 'nobody'" });
  });

  it('409 when too little of a part is known', async () => {
    expect(await get('/api/half')).toEqual([409, { problem: 'too little is known of the consumer' }]);
  });

  it('500 for an error of its own', async () => {
    expect(await get('/api/broken')).toEqual([500, { problem: 'an error of the console' }]);
  });

  it('a path that is percent-encoded as UTF-8, and 400 to one that is not', async () => {
    expect(await get('/api/echo/caf%C3%A9%2F1')).toEqual([200, { name: 'café/1' }]);
    expect(await get('/api/echo/%E0%A4%A')).toEqual([
      400,
      { problem: "'%E0%A4%A' in the path is no UTF-8 in percent encoding" },
    ]);
  });

  it.each([
    ['//', 404],
    ['//evil:99999/x', 404],
    ['*', 400],
    ['http://[::1/x', 400],
  ])('%s with %i', async (target, status) => {
    expect(await statusOf(target, target === '*' ? 'OPTIONS' : 'GET')).toBe(status);
  });
});
