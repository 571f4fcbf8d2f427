import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRequestHandler } from '../../../lib/aws/request-handler.ts';

let answer: (response: ServerResponse) => void;
let connections = 0;
let latest: Socket | undefined;
const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => answer(response));
});
// It does not close what is idle while a test waits for the client to do that.
server.keepAliveTimeout = 60_000;
server.on('connection', (socket) => {
  connections += 1;
  latest = socket;
});

beforeEach(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function send(abortSignal?: AbortSignal, query = {}, by = handler) {
  const address = server.address();
  return by.handle(
    {
      method: 'POST',
      protocol: 'http:',
      hostname: '127.0.0.1',
      port: typeof address === 'object' && address ? address.port : 0,
      path: '/',
      query,
      headers: {},
      body: 'hello',
    },
    { ...(abortSignal && { abortSignal }) },
  );
}

const handler = createRequestHandler();

it('reads the whole answer, and keeps the connection for the next request', async () => {
  answer = (response) => response.writeHead(418, { 'x-one': '1' }).end('body');
  connections = 0;
  for (let round = 0; round < 3; round++) {
    const { response } = await send();
    expect([response.statusCode, response.headers['x-one'], String(response.body)]).toEqual([
      418,
      '1',
      'body',
    ]);
  }
  expect(connections).toBe(1);
});

it('sends the query, repeated names too', async () => {
  let url: string | undefined;
  server.once('request', (request) => {
    url = request.url;
  });
  answer = (response) => response.end();
  await send(undefined, { a: 'b c', list: ['1', '2'] });
  expect(url).toBe('/?a=b+c&list=1&list=2');
});

it('says TimeoutError when the other side hangs up, so that the SDK tries again', async () => {
  answer = (response) => response.destroy();
  await expect(send()).rejects.toMatchObject({ name: 'TimeoutError' });
});

it('says TimeoutError when the other side is silent', { timeout: 5_000 }, async () => {
  answer = () => undefined;
  await expect(send(undefined, {}, createRequestHandler(50))).rejects.toMatchObject({
    name: 'TimeoutError',
    message: '127.0.0.1 has sent nothing for 50 ms',
  });
});

it('closes its connections when it is destroyed', { timeout: 5_000 }, async () => {
  answer = (response) => response.end();
  const own = createRequestHandler();
  await send(undefined, {}, own);
  const closed = once(latest ?? expect.fail('no connection'), 'close');
  own.destroy?.();
  await closed;
});

it('fails when the answer breaks off in the middle', async () => {
  answer = (response) => {
    response.writeHead(200, { 'content-length': '10' }).write('half');
    setImmediate(() => response.destroy());
  };
  await expect(send()).rejects.toMatchObject({ name: 'TimeoutError' });
});

it('ends a request with AbortError when its signal fires, before or in the middle', async () => {
  const abort = new AbortController();
  answer = () => abort.abort();
  await expect(send(abort.signal)).rejects.toMatchObject({ name: 'AbortError' });
  await expect(send(abort.signal)).rejects.toMatchObject({ name: 'AbortError' });
});
