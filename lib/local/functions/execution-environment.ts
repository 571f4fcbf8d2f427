import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import type { FunctionConfiguration } from './local-function.ts';
import type { InvocationAnswer, InvocationRequest, WorkerSetup } from './protocol.ts';

/** How an invocation ended. A function that threw, crashed or ran out of time has failed. */
export type Invocation =
  | { readonly status: 'succeeded'; readonly value: unknown }
  | { readonly status: 'failed' | 'crashed' | 'timedOut'; readonly error: string };

/**
 * How long a bundle may take to load.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
const INIT_TIMEOUT_MS = 10_000;

/** A worker thread with a function's bundle in it: runs one invocation at a time, and stays warm between them. */
export class ExecutionEnvironment {
  readonly #worker: Worker;
  readonly #timeoutMs: number;
  /** Resolves when the bundle is loaded, or when it cannot be. */
  readonly #initialized: Promise<undefined>;
  #dead: string | undefined;
  #fail: ((error: string) => void) | undefined;

  constructor(configuration: FunctionConfiguration, onLine: (line: string) => void) {
    this.#timeoutMs = configuration.timeoutSeconds * 1000;
    this.#worker = startWorker(configuration);
    this.#initialized = new Promise((resolve) => {
      this.#worker.once('message', () => resolve(undefined));
      this.#worker.once('exit', () => resolve(undefined));
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
    const late = await within(INIT_TIMEOUT_MS, 'its bundle was not loaded', this.#initialized);
    const result = late ?? (await within(this.#timeoutMs, 'timed out', this.#answer(event)));
    if (result.status === 'timedOut') await this.stop();
    return result;
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }

  #answer(event: unknown): Promise<Invocation> {
    const request: InvocationRequest = {
      id: randomUUID(),
      eventJson: JSON.stringify(event),
      deadline: Date.now() + this.#timeoutMs,
    };
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
            ? { status: 'succeeded', value: JSON.parse(answer.resultJson) }
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

function startWorker(configuration: FunctionConfiguration): Worker {
  const workerData: WorkerSetup = {
    directory: configuration.directory,
    handler: configuration.handler,
    functionName: configuration.name,
    functionArn: configuration.arn,
    logGroupName: configuration.logGroupName,
    memoryMegabytes: configuration.memoryMegabytes,
  };
  return new Worker(new URL('./worker.ts', import.meta.url), {
    workerData,
    env: { ...configuration.environment },
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: configuration.memoryMegabytes },
  });
}

/** The outcome of some work, or a time-out that says what has not happened. */
async function within<T>(
  milliseconds: number,
  what: string,
  work: Promise<T>,
): Promise<T | { readonly status: 'timedOut'; readonly error: string }> {
  let timer: NodeJS.Timeout | undefined;
  const timeOut = new Promise<{ readonly status: 'timedOut'; readonly error: string }>((resolve) => {
    const error = `${what} after ${milliseconds} ms`;
    timer = setTimeout(() => resolve({ status: 'timedOut', error }), milliseconds);
  });
  try {
    return await Promise.race([work, timeOut]);
  } finally {
    clearTimeout(timer);
  }
}
