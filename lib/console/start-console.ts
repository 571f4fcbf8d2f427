import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { isJsonObject } from '../contracts/json/json.ts';
import { UnknownNameError, UnreadableError } from '../ops/errors.ts';
import { messageOf } from '../ops/problem.ts';
import { type Action, ActionError } from './action.ts';
import { refusal } from './guard.ts';
import type { LiveFeed } from './live-feed.ts';
import { type PageFile, readPageFiles } from './page-files.ts';
import { readJson } from './read-body.ts';
import { RunningActions } from './running-actions.ts';
import { ConsoleSession } from './session.ts';

export interface ConsoleOptions {
  /** Port on 127.0.0.1; 0 chooses a free one. */
  readonly port: number;
  readonly actions: readonly Action[];
  readonly live: LiveFeed;
  /** Settings that the page gets with its session, such as the name of the deployment. */
  readonly meta: Readonly<Record<string, string>>;
}

export interface RunningConsole {
  /** Address for the browser that has the session. */
  readonly url: string;
  /** Address for the first browser, with the token, which works once. It is a secret. */
  readonly signInUrl: string;
  stop(): Promise<void>;
}

const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

/** Serves the console on 127.0.0.1. @throws Error when the port is taken */
export async function startConsole({ port, meta, ...serving }: ConsoleOptions): Promise<RunningConsole> {
  const files = await readPageFiles();
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const chosen = portOf(server.address());
  const session = new ConsoleSession(chosen);
  const running = new RunningActions();
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    answer(request, response, { ...serving, meta, files, session, running, port: chosen }).catch(
      (error: unknown) => {
        // The error is of this one request. The page shows it.
        send(response, statusOf(error), { problem: messageOf(error) });
      },
    );
  });
  const url = `http://127.0.0.1:${chosen}`;
  return {
    url,
    // Browsers do not send the part after `#`: it is in no request, no referrer and no log.
    signInUrl: `${url}/#token=${session.token}`,
    stop: async () => {
      await running.stop();
      await serving.live.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Serving extends ConsoleOptions {
  readonly session: ConsoleSession;
  readonly running: RunningActions;
  readonly files: ReadonlyMap<string, PageFile>;
}

async function answer(request: IncomingMessage, response: ServerResponse, serving: Serving): Promise<void> {
  const refused = refusal(request, serving.port);
  if (refused !== undefined) return send(response, 403, { problem: refused });
  const { pathname } = urlOf(request);
  const file = serving.files.get(pathname);
  if (file && request.method === 'GET') {
    response.writeHead(200, { ...SECURITY_HEADERS, 'content-type': file.contentType }).end(file.body);
    return;
  }
  if (pathname === '/session' && request.method === 'POST')
    return openSession(request, response, serving.session);
  if (pathname.startsWith('/api/')) return answerApi(request, response, serving);
  send(response, 404, { problem: `there is no ${request.method} ${pathname}` });
}

async function openSession(
  request: IncomingMessage,
  response: ServerResponse,
  session: ConsoleSession,
): Promise<void> {
  const body = await readJson(request);
  const token = isJsonObject(body) && typeof body.token === 'string' ? body.token : '';
  const opened = session.open(token);
  if (opened === undefined) {
    const problem = 'the token is wrong or was used before; run the command that opens the console again';
    return send(response, 403, { problem });
  }
  response.setHeader('set-cookie', opened.cookie);
  send(response, 200, { key: opened.key });
}

/** Answers all requests that read data, cost money or change something. They need the session. */
async function answerApi(
  request: IncomingMessage,
  response: ServerResponse,
  { actions, live, meta, session, running }: Serving,
): Promise<void> {
  if (!session.admits(request.headers)) {
    const problem =
      'this browser has no session; open the address that the command of this console has printed';
    return send(response, 401, { problem });
  }
  const url = urlOf(request);
  const asked = `${request.method} ${url.pathname}`;
  if (asked === 'GET /api/session') return send(response, 200, meta);
  const body = request.method === 'POST' ? await readJson(request) : undefined;
  if (asked === 'POST /api/live') {
    response.writeHead(200, { ...SECURITY_HEADERS, 'content-type': 'application/x-ndjson' }).flushHeaders();
    return live.attach(response);
  }
  for (const action of actions) {
    const match = action.pattern.exec({ pathname: url.pathname });
    if (!match || action.method !== request.method) continue;
    const parameters = { ...Object.fromEntries(url.searchParams), ...definedOf(match.pathname.groups) };
    const done = running.run((signal) => action.run(parameters, body, signal));
    return send(response, 200, await done);
  }
  send(response, 404, { problem: `there is no ${asked}` });
}

/** @throws ActionError when the request names no path: `*`, or a whole address as a proxy gets it */
function urlOf({ url = '/' }: IncomingMessage): URL {
  if (!url.startsWith('/')) throw new ActionError(400, `'${url}' is no path`);
  // A path that begins with `//` would name a host if it were resolved against an address.
  return new URL(`http://127.0.0.1${url}`);
}

function definedOf(groups: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decoded(value ?? '')]));
}

/** @throws ActionError when it is not encoded as a path is */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (cause) {
    // Whoever sent it has to change it.
    throw new ActionError(400, `'${text}' in the path is no UTF-8 in percent encoding`, { cause });
  }
}

function statusOf(error: unknown): number {
  if (error instanceof ActionError) return error.status;
  if (error instanceof UnknownNameError) return 404;
  return error instanceof UnreadableError ? 409 : 500;
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

function portOf(address: ReturnType<ReturnType<typeof createServer>['address']>): number {
  return typeof address === 'object' && address ? address.port : 0;
}
