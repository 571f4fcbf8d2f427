import type { Clock } from '../../aws/clock.ts';
import type { Call, CallOptions, Disturbance, Outcome } from './call.ts';
import { currentScope } from './handler-scope.ts';
import type { Moment, Scheduler } from './scheduler.ts';

export interface InvocationProps {
  readonly name: string;
  readonly scheduler: Scheduler;
  /** Asked once for every call. */
  readonly disturb: (call: Call) => Disturbance;
  readonly onCall: (call: Call, disturbance: Disturbance, outcome: Outcome) => void;
}

const LATENCY_MS = 5;

/** One invocation of the function: a process that can die at every call, or stand still. */
export class Invocation {
  readonly name: string;
  dead = false;
  readonly #props: InvocationProps;
  #frozenUntil = 0;

  constructor(props: InvocationProps) {
    this.name = props.name;
    this.#props = props;
  }

  readonly clock: Clock = {
    now: () => this.#props.scheduler.now,
    sleep: (milliseconds, { signal } = {}) =>
      this.#awaited(
        new Promise((resolve, reject) => {
          const moment = this.later(milliseconds, resolve);
          onAbort(signal, () => {
            moment.cancelled = true;
            reject(abortError());
          });
        }),
      ),
  };

  /** Runs something after so many milliseconds, unless the process is dead by then. */
  later(milliseconds: number, run: () => void): Moment {
    const { scheduler } = this.#props;
    return scheduler.after(milliseconds, () => {
      if (this.dead) return;
      if (scheduler.now < this.#frozenUntil) this.later(this.#frozenUntil - scheduler.now, run);
      else run();
    });
  }

  /** Calls a service over an unreliable network. Code of a dead process never gets an answer. */
  call<T>(call: Call, execute: () => T | Promise<T>, { abortSignal }: CallOptions = {}): Promise<T> {
    const { scheduler, disturb, onCall } = this.#props;
    return this.#awaited(
      new Promise<T>((resolve, reject) => {
        if (this.dead) return;
        const disturbance = disturb(call);
        const { crash, refusal, lostAnswer, repeated, delayMs = 0, freezeMs = 0 } = disturbance;
        if (crash === 'before') {
          this.dead = true;
          onCall(call, disturbance, undefined);
          return;
        }
        if (freezeMs > 0) this.#frozenUntil = scheduler.now + freezeMs;
        onAbort(abortSignal, () => reject(abortError()));
        this.#send(freezeMs + LATENCY_MS, async () => {
          if (!refusal && repeated) await attempt(execute);
          const outcome = refusal ? { error: refusal } : await attempt(execute);
          onCall(call, disturbance, refusal ? undefined : outcome);
          if (crash === 'after') this.dead = true;
          this.later(LATENCY_MS + delayMs, () => {
            if (lostAnswer) reject(networkError(`the answer to ${call.service}.${call.operation} was lost`));
            else if ('error' in outcome) reject(outcome.error);
            else resolve(outcome.value);
          });
        });
      }),
    );
  }

  /** What is sent arrives, also when the process dies meanwhile. */
  #send(milliseconds: number, arrive: () => Promise<void>): void {
    // Never rejects: what the service throws is its answer.
    this.#props.scheduler.after(milliseconds, () => void arrive());
  }

  #awaited<T>(promise: Promise<T>): Promise<T> {
    currentScope()?.waitsFor(promise);
    return promise;
  }
}

async function attempt<T>(
  execute: () => T | Promise<T>,
): Promise<{ readonly value: T } | { readonly error: unknown }> {
  try {
    return { value: await execute() };
  } catch (error) {
    // An error of the service is its answer, which still has to travel back.
    return { error };
  }
}

function onAbort(signal: AbortSignal | undefined, abort: () => void): void {
  if (signal?.aborted) abort();
  else signal?.addEventListener('abort', abort, { once: true });
}

function abortError(): Error {
  return Object.assign(new Error('aborted'), { name: 'AbortError' });
}

function networkError(message: string): Error {
  return Object.assign(new Error(message), { name: 'TimeoutError', $retryable: {} });
}
