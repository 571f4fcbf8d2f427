import {
  Agent,
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { engineUrl } from '../engine-url.ts';
import { type ForwardedAnswer, forward, readBytes } from '../forward.ts';
import { refusal } from '../guard.ts';

/** Until this process knows that the engine has died, nobody may listen where it was. */
const PAUSE_MS = 20;
/** What the answer says of its connection to the engine, and what would open it to pages of other sites. */
const NOT_PASSED_ON = /^(connection|keep-alive|transfer-encoding|content-length|access-control-.*)$/;

/**
 * Stands before the DynamoDB engine at the port that everyone knows: refuses pages of other sites, lets requests wait while
 * the engine is away, and answers what it was in the middle of as DynamoDB does, so that SDKs try it again.
 */
export class DynamoDBGateway {
  readonly #engine: () => Promise<string>;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #server = createServer((request, response) => {
    // Whoever asks has gone away in the middle: there is nobody to answer.
    this.#answer(request, response).catch(() => response.destroy());
  });

  /** @param engine where the engine is; while it is away, as soon as it is back */
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
    const answer = await this.#ask(request, response, body);
    // It has given up waiting: its time-out may be what another invocation relies on.
    if (response.destroyed) return;
    if (answer === undefined) {
      // Whether it was done is not known, as with this answer of DynamoDB.
      return sendError(response, 500, 'InternalServerError', 'the DynamoDB engine has died in the middle');
    }
    response.writeHead(answer.statusCode, headersOf(answer)).end(answer.body);
  }

  /** @returns undefined when the engine has died in the middle, or nobody waits any more */
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
        // Nobody was there, so that nothing is done: it may wait for the engine that comes.
        await sleep(PAUSE_MS);
      }
    }
    return undefined;
  }
}

function isRefused(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
}

function headersOf({ headers, body }: ForwardedAnswer): OutgoingHttpHeaders {
  const passed = Object.entries(headers).filter(([name]) => !NOT_PASSED_ON.test(name));
  return { ...Object.fromEntries(passed), 'content-length': body.length };
}

function sendError(response: ServerResponse, status: number, type: string, message: string): void {
  response
    .writeHead(status, { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-errortype': type })
    .end(JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message }));
}
