import { createServer, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createRequestHandler } from '../../../lib/runtime/request-handler.ts';

let answer: (response: ServerResponse) => void;
let connections = 0;
const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => answer(response));
});
server.on('connection', () => {
  connections += 1;
});

beforeEach(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function send(abortSignal?: AbortSignal, query = {}) {
  const address = server.address();
  return handler.handle(
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
