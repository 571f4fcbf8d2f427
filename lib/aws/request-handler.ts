import {
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { HttpHandlerOptions, HttpRequest, HttpResponse, RequestHandler } from '@smithy/types';
import { refusePlainHttp } from './plain-http.ts';

/**
 * By default, the SDK waits for an answer without a limit. AWS answers within milliseconds, so a connection that is silent for
 * this long is dead. The SDK's next attempt uses another connection.
 */
const SILENCE_MS = 5_000;
/** The same number as in the SDK's own handler. */
const MAX_SOCKETS = 50;
/** Socket errors that the SDK treats as a time-out and retries. */
const BROKEN_CONNECTION = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT']);

/**
 * Creates a request handler for SDK clients whose answers are small. It keeps connections open and reads the whole body into
 * memory. It does the same as the SDK's own handler, with about six timers and promises less per call.
 *
 * Its promise rejects with `TimeoutError` when the server is silent or closes the connection, and with `AbortError` when the
 * signal fires. The SDK retries after a `TimeoutError`.
 *
 * @param silenceMs how long a connection may be silent, in milliseconds. @default 5000
 */
export function createRequestHandler(
  silenceMs = SILENCE_MS,
): RequestHandler<HttpRequest, HttpResponse, HttpHandlerOptions> {
  const options = { keepAlive: true, maxSockets: MAX_SOCKETS, timeout: silenceMs };
  const agents = { http: new HttpAgent(options), https: new HttpsAgent(options), silenceMs };
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    handle: (request, sending) => send(request, sending, agents),
    destroy: () => {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

function send(
  sdkRequest: HttpRequest,
  { abortSignal }: HttpHandlerOptions = {},
  agents: { readonly http: HttpAgent; readonly https: HttpsAgent; readonly silenceMs: number },
): Promise<{ readonly response: HttpResponse }> {
  return new Promise((resolve, reject) => {
    // An error thrown here rejects the promise.
    refusePlainHttp(sdkRequest, sdkRequest.headers);
    const secure = sdkRequest.protocol === 'https:';
    const options = {
      ...optionsOf(sdkRequest),
      agent: secure ? agents.https : agents.http,
      ...(abortSignal instanceof AbortSignal && { signal: abortSignal }),
    };
    const request = (secure ? httpsRequest : httpRequest)(options, (answer) => {
      readAnswer(answer).then((response) => resolve({ response }), fail);
    });
    function fail(error: NodeJS.ErrnoException): void {
      reject(
        BROKEN_CONNECTION.has(error.code ?? '') ? Object.assign(error, { name: 'TimeoutError' }) : error,
      );
    }
    request.on('timeout', () => request.destroy(silence(sdkRequest.hostname, agents.silenceMs)));
    request.on('error', fail);
    request.end(sdkRequest.body);
  });
}

function optionsOf({ hostname, port, method, path, query = {}, headers }: HttpRequest): RequestOptions {
  const search = new URLSearchParams();
  for (const [name, values] of Object.entries(query)) {
    for (const value of [values].flat()) search.append(name, value ?? '');
  }
  const pathAndQuery = search.size > 0 ? `${path}?${search}` : path;
  return { hostname, ...(port !== undefined && { port }), method, path: pathAndQuery, headers };
}

async function readAnswer(answer: IncomingMessage): Promise<HttpResponse> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(answer.headers)) headers[name] = String(value);
  return { statusCode: answer.statusCode ?? 0, headers, body: Buffer.concat(chunks) };
}

function silence(hostname: string, milliseconds: number): Error {
  return Object.assign(new Error(`${hostname} has sent nothing for ${milliseconds} ms`), {
    name: 'TimeoutError',
  });
}
