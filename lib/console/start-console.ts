import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { JsonError, parseJson } from '../contracts/json.ts';
import { describeProblems } from '../contracts/problem.ts';
import { type Action, ActionProblem } from './action.ts';
import { type Guard, refusal } from './guard.ts';
import type { LiveFeed } from './live-feed.ts';
import { type PageFile, readPageFiles } from './page-files.ts';

export interface ConsoleOptions {
  /** On 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  readonly actions: readonly Action[];
  readonly live: LiveFeed;
  /** What the page may know from the start, such as the name of the deployment. */
  readonly meta: Readonly<Record<string, string>>;
}

export interface RunningConsole {
  readonly url: string;
  stop(): Promise<void>;
}

/** A form can publish the largest event that the API takes. */
const MAX_BODY_BYTES = 6 * 1024 * 1024;
const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/** Serves the console on 127.0.0.1. @throws Error when the port is taken */
export async function startConsole({ port, actions, live, meta }: ConsoleOptions): Promise<RunningConsole> {
  const token = randomBytes(24).toString('base64url');
  const files = await readPageFiles({ ...meta, token });
  const server = createServer((request, response) => {
    const guard: Guard = { port: portOf(server.address()), token };
    answer(request, response, { guard, files, actions, live }).catch((error: unknown) => {
      // Whatever went wrong belongs to this one request; the page shows it.
      const status = error instanceof ActionProblem ? error.status : 500;
      send(response, status, { problem: error instanceof Error ? error.message : String(error) });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    stop: async () => {
      await live.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Serving {
  readonly guard: Guard;
  readonly files: ReadonlyMap<string, PageFile>;
  readonly actions: readonly Action[];
  readonly live: LiveFeed;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { guard, files, actions, live }: Serving,
): Promise<void> {
  const refused = refusal(request, guard);
  if (refused !== undefined) return send(response, 403, { problem: refused });
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const file = files.get(url.pathname);
  if (file) {
    response.writeHead(200, { ...SECURITY_HEADERS, 'content-type': file.contentType }).end(file.body);
    return;
  }
  if (url.pathname === '/api/live') {
    response.writeHead(200, { ...SECURITY_HEADERS, 'content-type': 'text/event-stream' });
    live.attach(response);
    return;
  }
  for (const action of actions) {
    const match = action.pattern.exec({ pathname: url.pathname });
    if (!match || action.method !== request.method) continue;
    const body = request.method === 'POST' ? await readJson(request) : undefined;
    const parameters = { ...Object.fromEntries(url.searchParams), ...definedOf(match.pathname.groups) };
    return send(response, 200, await action.run(parameters, body));
  }
  send(response, 404, { problem: `there is no ${request.method} ${url.pathname}` });
}

function definedOf(groups: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value ?? '')]),
  );
}

function send(response: ServerResponse, status: number, body: unknown): void {
  if (response.headersSent) {
    response.end();
    return;
  }
  response
    .writeHead(status, { ...SECURITY_HEADERS, 'content-type': 'application/json' })
    .end(JSON.stringify(body ?? null));
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES)
      throw new ActionProblem(413, `the request is larger than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  try {
    return parseJson(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)));
  } catch (error) {
    const reason = error instanceof JsonError ? describeProblems(error.problems) : 'is not UTF-8';
    throw new ActionProblem(400, `the request ${reason}`, { cause: error });
  }
}

function portOf(address: ReturnType<ReturnType<typeof createServer>['address']>): number {
  return typeof address === 'object' && address ? address.port : 0;
}
