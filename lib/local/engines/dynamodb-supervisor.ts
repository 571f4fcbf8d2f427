import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DynamoDBEngine, startDynamoDB } from './dynamodb.ts';
import { reservePort } from './reserve-port.ts';

/** When an engine dies sooner than this after its start, there is a pause before the next start. */
const SHORT_LIFE_MS = 1_000;
const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 2_000;
/** A free port may be taken a moment later, for example by an outgoing connection. Then another port is tried. */
const PORTS_TRIED = 5;
const PORT_USE = { what: 'DynamoDB engine', flag: '', variable: '' };

/** Keeps a DynamoDB engine running. An engine that dies is started again on the same data. */
export class DynamoDBSupervisor {
  readonly #dataDirectory: string;
  readonly #log: (line: string) => void;
  #engine: DynamoDBEngine | undefined;
  #endpoint = Promise.withResolvers<string>();
  #startedAt = 0;
  #pauseMs = 0;
  #stopping = false;
  #restart: Promise<void> = Promise.resolve();

  /** @param log takes a line for a person to read */
  constructor(dataDirectory: string, log: (line: string) => void) {
    this.#dataDirectory = dataDirectory;
    this.#log = log;
  }

  /** Whether no engine runs now. */
  get isUnreachable(): boolean {
    return this.#engine === undefined;
  }

  /** The URL of the engine. While it is unreachable, this resolves after the restart. The URL changes with each start. */
  endpoint(): Promise<string> {
    return this.#endpoint.promise;
  }

  /** @throws Error when the engine does not start */
  async start(): Promise<void> {
    const engine = await this.#startOnFreePort(PORTS_TRIED);
    if (this.#stopping) return engine.stop();
    this.#engine = engine;
    this.#startedAt = Date.now();
    this.#endpoint.resolve(engine.endpoint);
    engine.failed.catch((error: unknown) => {
      this.#restart = this.#restartEngine(error);
    });
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#restart;
    await this.#engine?.stop();
  }

  async #startOnFreePort(tries: number): Promise<DynamoDBEngine> {
    try {
      const port = await reservePort(0, PORT_USE);
      return await startDynamoDB(port, this.#dataDirectory, loopbackAddress());
    } catch (error) {
      if (tries > 1 && / already in use/.test(messageOf(error))) return this.#startOnFreePort(tries - 1);
      throw error;
    }
  }

  async #restartEngine(reason: unknown): Promise<void> {
    const diedAt = Date.now();
    this.#engine = undefined;
    this.#endpoint = Promise.withResolvers();
    this.#log(
      'DynamoDB has died and is being started again on the same data. Until it runs, no queue is polled and requests ' +
        `to it wait. Reason: ${messageOf(reason)}`,
    );
    if (diedAt - this.#startedAt < SHORT_LIFE_MS) this.#lengthenPause();
    else this.#pauseMs = 0;
    while (this.isUnreachable && !this.#stopping) {
      await sleep(this.#pauseMs);
      await this.#tryStart();
    }
    if (!this.isUnreachable) this.#log(`DynamoDB runs again after ${Date.now() - diedAt} ms.`);
  }

  async #tryStart(): Promise<void> {
    if (this.#stopping) return;
    try {
      await this.start();
    } catch (error) {
      // The next try may succeed. Nothing is lost meanwhile: the events stay in their queues.
      this.#lengthenPause();
      this.#log(`DynamoDB did not start; the next try is in ${this.#pauseMs} ms: ${messageOf(error)}`);
    }
  }

  #lengthenPause(): void {
    this.#pauseMs = Math.min(MAX_PAUSE_MS, Math.max(FIRST_PAUSE_MS, 2 * this.#pauseMs));
  }
}

/**
 * A random address of this machine. The engine accepts requests of any web page, so pages must not find it; the gateway in front of it refuses
 * them. On Linux every address of 127.0.0.0/8 is this machine. On other systems only the port is random.
 */
function loopbackAddress(): string {
  if (process.platform !== 'linux') return '127.0.0.1';
  return ['127', randomInt(1, 255), randomInt(256), randomInt(1, 255)].join('.');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
