import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import type { FunctionConfiguration } from './local-function.ts';
import type { InvocationAnswer, InvocationRequest } from './protocol.ts';

/** How an invocation ended. A function that threw, crashed or ran out of time has failed. */
export type Invocation =
  | { readonly status: 'succeeded'; readonly value: unknown }
  | { readonly status: 'failed' | 'crashed' | 'timedOut'; readonly error: string };

/** A worker thread with a function's bundle in it: runs one invocation at a time, and stays warm between them. */
export class ExecutionEnvironment {
  readonly #worker: Worker;
  readonly #timeoutMs: number;
  /** Resolves when the bundle is loaded, or when it cannot be. */
  readonly #initialized: Promise<void>;
  #dead: string | undefined;
  #fail: ((error: string) => void) | undefined;

  constructor(configuration: FunctionConfiguration, onLine: (line: string) => void) {
    this.#timeoutMs = configuration.timeoutSeconds * 1000;
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), {
      workerData: {
        directory: configuration.directory,
        handler: configuration.handler,
        functionName: configuration.name,
        functionArn: configuration.arn,
        memoryMegabytes: configuration.memoryMegabytes,
      },
      env: { ...configuration.environment },
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: configuration.memoryMegabytes },
    });
    this.#initialized = new Promise((resolve) => {
      this.#worker.once('message', () => resolve());
      this.#worker.once('exit', () => resolve());
    });
    for (const stream of [this.#worker.stdout, this.#worker.stderr])
      createInterface(stream).on('line', onLine);
    this.#worker.on('error', (error) => this.#die(error instanceof Error ? error.message : String(error)));
    this.#worker.on('exit', (code) => this.#die(`the process exited with ${code}`));
  }

  /** Whether it can take another invocation. */
  get alive(): boolean {
    return this.#dead === undefined;
  }

  /**
   * Runs the handler. Never rejects. A time-out ends the environment, as it does in Lambda; the time in which the bundle
   * is loaded does not count.
   */
  async invoke(event: unknown): Promise<Invocation> {
    await this.#initialized;
    const request: InvocationRequest = { id: randomUUID(), event, deadline: Date.now() + this.#timeoutMs };
    let timer: NodeJS.Timeout | undefined;
    const timeOut = new Promise<Invocation>((resolve) => {
      timer = setTimeout(
        () => resolve({ status: 'timedOut', error: `timed out after ${this.#timeoutMs} ms` }),
        this.#timeoutMs,
      );
    });
    const result = await Promise.race([this.#answer(request), timeOut]);
    clearTimeout(timer);
    if (result.status === 'timedOut') await this.stop();
    return result;
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }

  #answer(request: InvocationRequest): Promise<Invocation> {
    return new Promise((resolve) => {
      const done = (invocation: Invocation): void => {
        this.#worker.off('message', onMessage);
        this.#fail = undefined;
        resolve(invocation);
      };
      const onMessage = (answer: InvocationAnswer): void => {
        if (answer.id !== request.id) return;
        done(
          answer.error === undefined
            ? { status: 'succeeded', value: answer.value }
            : { status: 'failed', error: answer.error },
        );
      };
      this.#worker.on('message', onMessage);
      this.#fail = (error) => done({ status: 'crashed', error });
      if (this.#dead !== undefined) this.#fail(this.#dead);
      else this.#worker.postMessage(request);
    });
  }

  #die(reason: string): void {
    this.#dead ??= reason;
    this.#fail?.(this.#dead);
  }
}
