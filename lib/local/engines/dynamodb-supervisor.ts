import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DynamoDBEngine, startDynamoDB } from './dynamodb.ts';
import { reservePort } from './ports.ts';

/** An engine that dies sooner than this after its start is not started again at once. */
const SHORT_LIFE_MS = 1_000;
const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 2_000;
/** A port that was free may be taken a moment later, as the port of somebody's outgoing connection for one. */
const PORTS_TRIED = 5;
const PORT_USE = { what: 'DynamoDB engine', flag: '', variable: '' };

/** Keeps a DynamoDB engine running: one that dies is started again, on the same data. */
export class DynamoDBSupervisor {
  readonly #dataDirectory: string;
  readonly #log: (line: string) => void;
  #engine: DynamoDBEngine | undefined;
  #next = Promise.withResolvers<string>();
  #startedAt = 0;
  #pauseMs = 0;
  #stopping = false;
  #restart: Promise<void> = Promise.resolve();

  /** @param log takes a line for a person to read */
  constructor(dataDirectory: string, log: (line: string) => void) {
    this.#dataDirectory = dataDirectory;
    this.#log = log;
  }

  /** Whether there is no engine now. */
  get isAway(): boolean {
    return this.#engine === undefined;
  }

  /** Where the engine is; while it is away, as soon as it is back. It is elsewhere after each start. */
  endpoint(): Promise<string> {
    return this.#next.promise;
  }

  /** @throws Error when the engine does not start */
  async start(): Promise<void> {
    const engine = await this.#startOnFreePort(PORTS_TRIED);
    if (this.#stopping) return engine.stop();
    this.#engine = engine;
    this.#startedAt = Date.now();
    this.#next.resolve(engine.endpoint);
    engine.failed.catch((error: unknown) => {
      this.#restart = this.#bringBack(error);
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

  async #bringBack(reason: unknown): Promise<void> {
    const diedAt = Date.now();
    this.#engine = undefined;
    this.#next = Promise.withResolvers();
    this.#log(
      'DynamoDB is away, and is started again on the same data; until it is back no queue is polled, and calls to it ' +
        `wait: ${messageOf(reason)}`,
    );
    if (diedAt - this.#startedAt < SHORT_LIFE_MS) this.#lengthenPause();
    else this.#pauseMs = 0;
    while (this.isAway && !this.#stopping) {
      await sleep(this.#pauseMs);
      await this.#tryStart();
    }
    if (!this.isAway) this.#log(`DynamoDB is back after ${Date.now() - diedAt} ms.`);
  }

  async #tryStart(): Promise<void> {
    if (this.#stopping) return;
    try {
      await this.start();
    } catch (error) {
      // The next try may succeed, and nothing is lost while it waits: the events stay in their queues.
      this.#lengthenPause();
      this.#log(`DynamoDB is still away, and is tried again in ${this.#pauseMs} ms: ${messageOf(error)}`);
    }
  }

  #lengthenPause(): void {
    this.#pauseMs = Math.min(MAX_PAUSE_MS, Math.max(FIRST_PAUSE_MS, 2 * this.#pauseMs));
  }
}

/**
 * An address of this machine that no page can guess: the engine itself takes requests from any page, and what stands
 * before it does not. All of 127.0.0.0/8 is this machine on Linux; elsewhere only the port is left to guess.
 */
function loopbackAddress(): string {
  if (process.platform !== 'linux') return '127.0.0.1';
  return ['127', randomInt(1, 255), randomInt(256), randomInt(1, 255)].join('.');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
