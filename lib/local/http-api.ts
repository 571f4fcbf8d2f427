import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { LocalFunction } from './functions/local-function.ts';

/** A route of an HTTP API, and the function behind it. */
export interface Route {
  /** `POST /events`, `GET /orders/{id}` or `$default`. */
  readonly key: string;
  readonly target: LocalFunction;
}

interface LambdaResponse {
  readonly statusCode?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const MAX_BODY_BYTES = 10 * 1024 * 1024;
const TEXT_TYPES = /^(text\/|application\/([\w.+-]+\+)?(json|javascript|xml)\b)/;

/** Serves the routes of an HTTP API on 127.0.0.1, with payload format 2.0. */
export class LocalHttpApi {
  readonly #integrations = new Map<string, LocalFunction>();
  readonly #routes = new Map<string, { readonly key: string; readonly integrationId: string }>();
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        // The gateway's own failure: API Gateway tells its client no more either.
        send(response, { statusCode: 500, body: message('Internal Server Error') });
        process.emitWarning(error instanceof Error ? error : String(error));
      });
    });
  }

  /** Sets the function behind an integration. */
  putIntegration(id: string, target: LocalFunction): void {
    this.#integrations.set(id, target);
  }

  /** Sets a route; requests that run are not disturbed. */
  putRoute(id: string, key: string, integrationId: string): void {
    this.#routes.set(id, { key, integrationId });
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
  }

  /** Takes no more requests, and ends those that wait for nothing. */
  async stop(): Promise<void> {
    this.#server.closeIdleConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const found = this.#match(request.method ?? 'GET', url.pathname);
    if (!found) return send(response, { statusCode: 404, body: message('Not Found') });
    const body = await readBody(request);
    if (!body) return send(response, { statusCode: 413, body: message('Request Too Long') });
    const invocation = await found.route.target.invoke(proxyEvent(request, { url, body, ...found }));
    if (invocation.status !== 'succeeded') {
      return send(response, { statusCode: 500, body: message('Internal Server Error') });
    }
    send(response, asResponse(invocation.value));
  }

  #match(method: string, path: string): { route: Route; parameters: Record<string, string> } | undefined {
    for (const { key, integrationId } of this.#byPrecedence()) {
      const parameters = matchRoute(key, method, path);
      const target = this.#integrations.get(integrationId);
      if (parameters && target) return { route: { key, target }, parameters };
    }
    return undefined;
  }

  /** `$default` takes what no other route does. */
  #byPrecedence() {
    return [...this.#routes.values()].sort(
      (a, b) => Number(a.key === '$default') - Number(b.key === '$default'),
    );
  }
}

/** The path parameters when a request fits a route key, else undefined. */
export function matchRoute(key: string, method: string, path: string): Record<string, string> | undefined {
  if (key === '$default') return {};
  const [verb, template = ''] = key.split(' ');
  if (verb !== 'ANY' && verb !== method) return undefined;
  const names: string[] = [];
  const pattern = template
    .replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&')
    .replaceAll(/\{([^}]+)\}/g, (_, name: string) => {
      names.push(name.replace(/\\\+$/, ''));
      return name.endsWith('+') ? '(.+)' : '([^/]+)';
    });
  const match = new RegExp(`^${pattern}$`).exec(path);
  return match
    ? Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(match[index + 1] ?? '')]))
    : undefined;
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return bytes <= MAX_BODY_BYTES ? Buffer.concat(chunks) : undefined;
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
function proxyEvent(
  request: IncomingMessage,
  {
    url,
    body,
    route,
    parameters,
  }: { url: URL; body: Buffer; route: Route; parameters: Record<string, string> },
): object {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : (value ?? ''),
    ]),
  );
  const isText = TEXT_TYPES.test(headers['content-type'] ?? 'text/plain');
  const query = Object.fromEntries(
    [...url.searchParams.keys()].map((name) => [name, url.searchParams.getAll(name).join(',')]),
  );
  const now = new Date();
  return {
    version: '2.0',
    routeKey: route.key,
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    headers,
    ...(Object.keys(query).length > 0 && { queryStringParameters: query }),
    ...(Object.keys(parameters).length > 0 && { pathParameters: parameters }),
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName: headers.host,
      domainPrefix: 'local',
      http: {
        method: request.method,
        path: url.pathname,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: route.key,
      stage: '$default',
      time: now.toISOString(),
      timeEpoch: now.getTime(),
    },
    ...(body.length > 0 && { body: isText ? body.toString('utf8') : body.toString('base64') }),
    isBase64Encoded: !isText,
  };
}

/** A function may answer with a response, or with anything else, which is the body of a 200. */
function asResponse(value: unknown): LambdaResponse {
  if (typeof value === 'object' && value !== null && 'statusCode' in value) return value as LambdaResponse;
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: typeof value === 'string' ? value : JSON.stringify(value ?? null),
  };
}

function send(
  response: ServerResponse,
  { statusCode = 200, headers, body = '', isBase64Encoded }: LambdaResponse,
): void {
  response.writeHead(statusCode, { 'content-type': 'application/json', ...headers });
  response.end(isBase64Encoded ? Buffer.from(body, 'base64') : body);
}

function message(text: string): string {
  return JSON.stringify({ message: text });
}
