import {
  Agent,
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { engineUrl } from '../engine-url.ts';
import { type ForwardedAnswer, forward, readBytes } from '../http/forward.ts';
import { refusal } from '../http/guard.ts';
import { ContinuousBackups } from './continuous-backups.ts';

/** Pause before the next try when the connection is refused: the engine is dead, and this process does not know it yet. */
const RETRY_PAUSE_MS = 20;
/** Response headers that are left out: those about the connection to the engine, and those that allow pages of other sites. */
const HEADERS_LEFT_OUT = /^(connection|keep-alive|transfer-encoding|content-length|access-control-.*)$/;

/**
 * A proxy in front of the DynamoDB engine, at a fixed port.
 *
 * - It refuses requests of pages of other sites.
 * - While the engine is unreachable, requests wait.
 * - When the engine dies during a request, the answer is the 500 of DynamoDB, so that SDKs send the request again.
 */
export class DynamoDBGateway {
  readonly #engine: () => Promise<string>;
  readonly #backups = new ContinuousBackups();
  readonly #agent = new Agent({ keepAlive: true });
  readonly #server = createServer((request, response) => {
    // The client has closed its connection. No answer can be sent.
    this.#answer(request, response).catch(() => response.destroy());
  });

  /** @param engine resolves to the URL of the engine; while the engine is unreachable, it resolves after the restart */
  constructor(engine: () => Promise<string>) {
    this.#engine = engine;
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    this.#agent.destroy();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refused = refusal(request);
    if (refused !== undefined) return sendError(response, 403, 'AccessDeniedException', refused);
    const body = await readBytes(request);
    const backupsAnswer = this.#backups.answer(request.headers['x-amz-target'], body);
    if (backupsAnswer) return sendJson(response, 200, backupsAnswer);
    const answer = await this.#ask(request, response, body);
    // The client no longer waits.
    if (response.destroyed) return;
    if (answer === undefined) {
      // The request may or may not have taken effect. This answer of DynamoDB means the same.
      return sendError(
        response,
        500,
        'InternalServerError',
        'the DynamoDB engine died during this request; send the request again',
      );
    }
    response.writeHead(answer.statusCode, headersOf(answer)).end(answer.body);
  }

  /** @returns undefined when the engine died during the request, or the client no longer waits */
  async #ask(
    request: IncomingMessage,
    response: ServerResponse,
    body: Buffer,
  ): Promise<ForwardedAnswer | undefined> {
    while (!response.destroyed) {
      const target = engineUrl(await this.#engine(), request.url);
      if (response.destroyed) return undefined;
      try {
        return await forward(request, body, { target, agent: this.#agent });
      } catch (error) {
        if (!isRefused(error)) return undefined;
        // The request did not reach the engine and had no effect. It waits for the next engine.
        await sleep(RETRY_PAUSE_MS);
      }
    }
    return undefined;
  }
}

function isRefused(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
}

function headersOf({ headers, body }: ForwardedAnswer): OutgoingHttpHeaders {
  const passed = Object.entries(headers).filter(([name]) => !HEADERS_LEFT_OUT.test(name));
  return { ...Object.fromEntries(passed), 'content-length': body.length };
}

function sendError(response: ServerResponse, status: number, type: string, message: string): void {
  response.setHeader('x-amzn-errortype', type);
  sendJson(response, status, { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message });
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
}
