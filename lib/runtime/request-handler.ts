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
 * The SDK waits for an answer without end by default. AWS answers within milliseconds: a connection that is silent for
 * so long is dead, and the SDK's next attempt takes another one.
 */
const SILENCE_MS = 5_000;
/** As many as the SDK's own handler opens. */
const MAX_SOCKETS = 50;
/** Socket errors that the SDK takes for a time-out, and tries again. */
const BROKEN_CONNECTION = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT']);

/**
 * Sends requests for SDK clients whose answers are small: over connections that are kept, with the whole body read into
 * memory. It does what the SDK's own handler does for such calls, with half a dozen timers and promises less for each.
 *
 * Its promise rejects with `TimeoutError` when the other side is silent or hangs up, and `AbortError` when the signal
 * fires; the SDK tries the first again.
 *
 * @param silenceMs how long a connection may be silent
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
    // What is thrown here rejects the promise.
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
  return Object.assign(new Error(`${hostname} has said nothing for ${milliseconds} ms`), {
    name: 'TimeoutError',
  });
}
