import { randomUUID } from 'node:crypto';
import { FunctionProcess } from './function-process.ts';
import type { FunctionConfiguration } from './local-function.ts';
import type { InvocationAnswer, InvocationRequest } from './protocol.ts';

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

/** A process with a function's bundle in it: runs one invocation at a time, and stays warm between them. */
export class ExecutionEnvironment {
  readonly #process: FunctionProcess;
  readonly #timeoutMs: number;
  /** Resolves when the bundle is loaded, or when it cannot be. */
  readonly #initialized: Promise<undefined>;
  #dead: string | undefined;
  #crash: string | undefined;
  #answered: ((answer: InvocationAnswer) => void) | undefined;
  #fail: ((error: string) => void) | undefined;

  constructor(configuration: FunctionConfiguration, onLine: (line: string) => void) {
    this.#timeoutMs = configuration.timeoutSeconds * 1000;
    const initialized = Promise.withResolvers<undefined>();
    this.#initialized = initialized.promise;
    this.#process = new FunctionProcess(configuration, {
      line: onLine,
      message: (message) => {
        if ('ready' in message) initialized.resolve(undefined);
        else if ('crash' in message) this.#crash ??= message.crash;
        else this.#answered?.(message);
      },
      ended: (reason) => {
        initialized.resolve(undefined);
        this.#dead ??= this.#crash ?? reason;
        this.#fail?.(this.#dead);
      },
    });
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
    await this.#process.stop();
  }

  #answer(event: unknown): Promise<Invocation> {
    const request: InvocationRequest = {
      id: randomUUID(),
      eventJson: JSON.stringify(event),
      deadline: Date.now() + this.#timeoutMs,
    };
    return new Promise((resolve) => {
      this.#answered = (answer) => {
        if (answer.id !== request.id) return;
        resolve(
          answer.error === undefined
            ? { status: 'succeeded', value: JSON.parse(answer.resultJson) }
            : { status: 'failed', error: answer.error },
        );
      };
      this.#fail = (error) => resolve({ status: 'crashed', error });
      if (this.#dead !== undefined) this.#fail(this.#dead);
      else this.#process.send(request);
    });
  }
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
