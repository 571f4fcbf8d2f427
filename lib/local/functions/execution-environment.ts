import { randomUUID } from 'node:crypto';
import { INIT_TIMEOUT_MS } from '../aws-limits.ts';
import type { VirtualClock } from '../clock/virtual-clock.ts';
import type { FunctionConfiguration } from './function-configuration.ts';
import { FunctionProcess } from './function-process.ts';
import type { InvocationAnswer, InvocationRequest } from './protocol.ts';

/** Outcome of an invocation. */
export type Invocation =
  | { readonly status: 'succeeded'; readonly value: unknown }
  | { readonly status: 'failed' | 'crashed' | 'timedOut'; readonly error: string };

/** A process with the bundle of a function. It runs one invocation at a time and stays warm between invocations. */
export class ExecutionEnvironment {
  readonly #process: FunctionProcess;
  readonly #timeoutMs: number;
  readonly #clock: Pick<VirtualClock, 'aheadMs'>;
  /** Resolves when the bundle is loaded, or when loading it has failed. */
  readonly #initialized: Promise<undefined>;
  /** Why the process has ended; undefined while it runs. */
  #endReason: string | undefined;
  /** The error that ends the process, as the process reported it. */
  #crash: string | undefined;
  #answered: ((answer: InvocationAnswer) => void) | undefined;
  #fail: ((error: string) => void) | undefined;

  constructor(
    configuration: FunctionConfiguration,
    { onLine, clock }: { onLine: (line: string) => void; clock: Pick<VirtualClock, 'aheadMs'> },
  ) {
    this.#clock = clock;
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
        this.#endReason ??= this.#crash ?? reason;
        this.#fail?.(this.#endReason);
      },
    });
  }

  /** Whether it can take another invocation. */
  get alive(): boolean {
    return this.#endReason === undefined;
  }

  /**
   * Runs the handler. Never rejects. A time-out ends the environment, as in Lambda. The time-out begins after the bundle is loaded.
   */
  async invoke(event: unknown): Promise<Invocation> {
    const notLoaded = await withTimeout(INIT_TIMEOUT_MS, 'its bundle was not loaded', this.#initialized);
    const result = notLoaded ?? (await withTimeout(this.#timeoutMs, 'timed out', this.#answer(event)));
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
      aheadMs: this.#clock.aheadMs,
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
      if (this.#endReason !== undefined) this.#fail(this.#endReason);
      else this.#process.send(request);
    });
  }
}

/** Waits for `work`, at most for a time. @returns its result, or a time-out whose error begins with `what` */
async function withTimeout<T>(
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
