import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { HTTP_API, MAX_EVENT_BYTES, METRIC_PERIOD_MS } from '../aws-limits.ts';
import { CLOCK_PATH, clockState } from '../clock/serve-clock.ts';
import type { VirtualClock } from '../clock/virtual-clock.ts';
import type { LocalFunction } from '../functions/local-function.ts';
import { answerDocument } from './documents.ts';
import { refusal } from './guard.ts';
import { type ProxyResponse, proxyEvent, proxyResponse } from './proxy-event.ts';
import { matchRoute, specificity } from './routes.ts';

/** Node's default is 5 seconds. A client that sends a request just then would lose its connection. */
const KEEP_ALIVE_MS = 65_000;

interface Route {
  readonly key: string;
  readonly target: LocalFunction;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** Serves the routes of an HTTP API on 127.0.0.1, with payload format 2.0. */
export class LocalHttpApi {
  readonly #integrations = new Map<string, LocalFunction>();
  readonly #routes = new Map<string, { readonly key: string; readonly integrationId: string }>();
  readonly #server: Server;
  #assemblyDirectory: string | undefined;
  #clock: VirtualClock | undefined;
  #owner: string | undefined;
  /** Times of the latest answers with a status of 500 or above, epoch milliseconds. */
  #failedAt: number[] = [];

  constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request)
        .catch((error: unknown) => {
          // The client has closed the connection during its upload. There is nobody to answer, and this is no server error.
          if (request.destroyed && !request.complete) return undefined;
          // An error of this gateway itself. Like API Gateway, it gives the client no details.
          process.emitWarning(error instanceof Error ? error : String(error));
          return message(500, 'Internal Server Error');
        })
        .then((answer) => answer && this.#send(response, answer))
        .catch((error: unknown) => {
          // It cannot be answered any more. One request must not end the machine.
          process.emitWarning(error instanceof Error ? error : String(error));
          response.destroy();
        });
    });
    this.#server.keepAliveTimeout = KEEP_ALIVE_MS;
  }

  /** Reserves this server for the API of this name. @returns false when another API has it */
  claim(name: string): boolean {
    this.#owner ??= name;
    return this.#owner === name;
  }

  /** Sets the function behind an integration. */
  putIntegration(id: string, target: LocalFunction): void {
    this.#integrations.set(id, target);
  }

  /** Sets a route. It replaces another route with the same key. Running requests are not affected. */
  putRoute(id: string, key: string, integrationId: string): void {
    for (const [other, route] of this.#routes) if (route.key === key) this.#routes.delete(other);
    this.#routes.set(id, { key, integrationId });
  }

  /** Serves the API documents of an assembly for requests that match no route. */
  putDocuments(assemblyDirectory: string): void {
    this.#assemblyDirectory = assemblyDirectory;
  }

  /** Tells the time at `GET /_fanfare/clock`, for clients that know only this URL. */
  putClock(clock: VirtualClock): void {
    this.#clock = clock;
  }

  /** Loads the bundles of its functions before the first request. */
  warm(): void {
    for (const target of this.#integrations.values()) target.warm();
  }

  /** Number of answers with a status of 500 or above in the last minute. */
  get serverErrors(): number {
    const since = Date.now() - METRIC_PERIOD_MS;
    this.#failedAt = this.#failedAt.filter((at) => at > since);
    return this.#failedAt.length;
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
  }

  /** Accepts no more requests, and waits until the running ones are answered. */
  async drain(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeIdleConnections();
    await closed;
  }

  /** Ends every connection. */
  close(): void {
    this.#server.closeAllConnections();
  }

  async #answer(request: IncomingMessage): Promise<ProxyResponse> {
    const refused = refusal(request);
    if (refused !== undefined) return message(403, refused);
    const url = new URL(`http://127.0.0.1${request.url ?? '/'}`);
    const route = this.#match(request.method ?? 'GET', url.pathname);
    const body = await readBody(request);
    if (!route) return (await this.#document(request, url)) ?? message(404, 'Not Found');
    if (!body) return message(413, 'Request Entity Too Large');
    const event = proxyEvent({ request, url, body, routeKey: route.key, ...route });
    if (Buffer.byteLength(JSON.stringify(event)) > MAX_EVENT_BYTES)
      return message(413, 'Request Entity Too Large');
    return invoke(route.target, event);
  }

  async #document({ method }: IncomingMessage, { pathname }: URL): Promise<ProxyResponse | undefined> {
    if (method !== 'GET') return undefined;
    if (pathname === CLOCK_PATH && this.#clock) return json(200, clockState(this.#clock));
    if (this.#assemblyDirectory === undefined) return undefined;
    return answerDocument(pathname, this.#assemblyDirectory);
  }

  #match(method: string, path: string): Route | undefined {
    const bySpecificity = [...this.#routes.values()].sort((a, b) => specificity(b.key) - specificity(a.key));
    for (const { key, integrationId } of bySpecificity) {
      const pathParameters = matchRoute(key, method, path);
      const target = this.#integrations.get(integrationId);
      if (pathParameters && target) return { key, target, pathParameters };
    }
    return undefined;
  }

  #send(response: ServerResponse, { statusCode, headers, body }: ProxyResponse): void {
    if (statusCode >= 500) this.#failedAt.push(Date.now());
    response.writeHead(statusCode, { ...headers, 'content-length': body.length });
    response.end(body);
  }
}

/** Invokes a function, and waits as long as API Gateway does. */
async function invoke(target: LocalFunction, event: object): Promise<ProxyResponse> {
  const timer = new AbortController();
  const timeOut = sleep(HTTP_API.integrationTimeoutMs, undefined, { signal: timer.signal }).catch(
    () => undefined,
  );
  const invocation = await Promise.race([target.invoke(event), timeOut]);
  timer.abort();
  // Begins to load the bundle again, so that the next request waits less.
  if (invocation?.status !== 'succeeded') target.warm();
  if (invocation === undefined) return message(503, 'Service Unavailable');
  const answer = invocation.status === 'succeeded' ? proxyResponse(invocation.value) : undefined;
  return answer ?? message(500, 'Internal Server Error');
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= HTTP_API.maxBodyBytes) chunks.push(chunk);
  }
  return bytes <= HTTP_API.maxBodyBytes ? Buffer.concat(chunks) : undefined;
}

function message(statusCode: number, text: string): ProxyResponse {
  return json(statusCode, { message: text });
}

function json(statusCode: number, answer: object): ProxyResponse {
  const body = Buffer.from(JSON.stringify(answer));
  return { statusCode, headers: { 'content-type': 'application/json' }, body };
}
