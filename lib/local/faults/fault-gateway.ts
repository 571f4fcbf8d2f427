import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { engineUrl } from '../engine-url.ts';
import { forward, readBytes } from '../http/forward.ts';
import { refusal } from '../http/guard.ts';
import { type Engine, type FaultKind, isEngine } from './fault.ts';

const SLOW_MS = 3_000;
/** DynamoDB operations that handlers use. The runtime writes its own records with other operations. */
const EFFECTS = ['TransactWriteItems', 'PutItem', 'DeleteItem', 'BatchWriteItem'];

/** What the gateway needs to know and do. */
export interface FaultSource {
  /** The fault that is on for a function or an engine; undefined when there is none. */
  faultOf(target: string): FaultKind | undefined;
  /** Ends the processes of a function that are running an invocation. */
  crash(functionName: string): void;
}

/**
 * A proxy between the functions that have a fault and the engines. It delays, refuses or drops requests as the fault says. A function
 * without a fault does not use it.
 */
export class FaultGateway {
  readonly #engines: Readonly<Record<Engine, string>>;
  readonly #source: FaultSource;
  readonly #server = createServer((request, response) => {
    // The function or the engine has closed its connection. The other side sees its connection close too.
    this.#answer(request, response).catch(() => response.destroy());
  });

  /** @param engines URLs of the engines */
  constructor(engines: Readonly<Record<Engine, string>>, source: FaultSource) {
    this.#engines = engines;
    this.#source = source;
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    this.#server.unref();
  }

  /** The URL of an engine behind this proxy, for one function. */
  endpointOf(functionName: string, engine: Engine): string {
    const address = this.#server.address();
    if (typeof address !== 'object' || !address) throw new Error('the fault gateway does not listen');
    return `http://127.0.0.1:${address.port}/${functionName}/${engine}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (refusal(request) !== undefined) return void request.socket.destroy();
    const [, functionName = '', engine = '', rest = ''] =
      /^\/([^/]+)\/([^/?]+)(.*)$/.exec(request.url ?? '') ?? [];
    if (!isEngine(engine) || this.#source.faultOf(engine) === 'unreachable')
      return void request.socket.destroy();
    const path = rest.startsWith('/') ? rest : `/${rest}`;
    const fault = this.#source.faultOf(functionName);
    if (fault === 'timeout') return;
    if (isEffect(request, path)) {
      if (fault === 'fail') return refuse(response);
      if (fault === 'slow') await sleep(SLOW_MS);
    }
    const body = await readBytes(request);
    const crashes = fault === 'crash' && !isClaim(body);
    // Half of the crashes come before the request takes effect, half after it.
    if (crashes && Math.random() < 0.5) return this.#source.crash(functionName);
    const answer = await forward(request, body, { target: engineUrl(this.#engines[engine], path) });
    if (crashes) return this.#source.crash(functionName);
    response.writeHead(answer.statusCode, answer.headers).end(answer.body);
  }
}

function isEffect({ headers }: IncomingMessage, path: string): boolean {
  const operation = String(headers['x-amz-target'] ?? '').split('.')[1] ?? '';
  return EFFECTS.includes(operation) || path.startsWith('/v2/email/');
}

function refuse(response: ServerResponse): void {
  response
    .writeHead(500, {
      'content-type': 'application/x-amz-json-1.0',
      'x-amzn-errortype': 'InternalServerError',
    })
    .end(
      JSON.stringify({
        __type: 'InternalServerError',
        message: 'this request fails on purpose: a fault is on',
      }),
    );
}

/** Whether a request writes the claim of an event. No crash happens there: the process has to die after the claim, while the handler runs. */
function isClaim(body: Buffer): boolean {
  return body.includes('"Statement":"INSERT INTO');
}
