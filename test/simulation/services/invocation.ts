import type { Clock } from '../../../lib/aws/clock.ts';
import type { Chance } from '../../../lib/testing/simulation/chance.ts';
import type { Moment, Scheduler } from './scheduler.ts';

/** How far a clock can be off. */
export const MAX_SKEW_MS = 2_000;

/** How often what goes wrong, per request. */
export interface Troubles {
  /** The process dies before the request is sent, while it is under way, or before its answer is read. */
  readonly death: number;
  /** The whole process stands still for longer than its lease, and then goes on: a zombie. */
  readonly freeze: number;
  /** The request does not arrive. */
  readonly refusal: number;
  /** The request is executed, and its answer is lost. */
  readonly lostAnswer: number;
  /** The answer is lost, and the SDK sends the same request again. */
  readonly retry: number;
  /** The request takes seconds. */
  readonly delay: number;
}

/** One request to a service. */
export interface Call<T> {
  readonly execute: () => T;
  /** How long the service itself takes, asked after it has executed the request. @default - no time */
  readonly takes?: (() => number) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface InvocationProps {
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly troubles: Troubles;
  readonly maxSkewMs: number;
}

/** One invocation of a function: a process that can die at any moment, or stand still. */
export class Invocation {
  dead = false;
  /** The event that has ended the process; undefined while none has. */
  exitedBy: string | undefined;
  /** Whether it has ever stood still. */
  froze = false;
  /** Whether a request has ever taken seconds. */
  waited = false;
  /** How old it was when it gave its answer, in milliseconds; undefined while it has given none. */
  answeredAfter: number | undefined;
  /** Tells its tokens from those of others. */
  readonly name: string;
  /** Simulated time at which it began. */
  readonly startedAt: number;
  #frozenUntil = 0;
  readonly #scheduler: Scheduler;
  readonly #chance: Chance;
  readonly #troubles: Troubles;
  /** How far its clock is off, in milliseconds. */
  readonly #skew: number;

  constructor(name: string, { scheduler, chance, troubles, maxSkewMs }: InvocationProps) {
    this.name = name;
    this.#scheduler = scheduler;
    this.startedAt = scheduler.now;
    this.#chance = chance;
    this.#troubles = troubles;
    this.#skew = chance.between(-maxSkewMs, maxSkewMs);
  }

  readonly clock: Clock = {
    now: () => this.#scheduler.now + this.#skew,
    sleep: (milliseconds, { signal } = {}) =>
      new Promise((resolve, reject) => {
        const moment = this.#resumeAfter(milliseconds, resolve);
        onAbort(signal, () => {
          moment.cancelled = true;
          reject(abortError());
        });
      }),
  };

  /** Whether it stands still now. */
  get frozen(): boolean {
    return this.#scheduler.now < this.#frozenUntil;
  }

  /** Simulated milliseconds since it began. */
  get age(): number {
    return this.#scheduler.now - this.startedAt;
  }

  /** The handler of an event ends the process, as `process.exit()` or an unhandled rejection does. */
  exit(identity: string): void {
    this.exitedBy ??= identity;
    this.dead = true;
  }

  /** Sends a request over a network that is not to be trusted. */
  request<T>({ execute, takes, signal }: Call<T>): Promise<T> {
    const chance = this.#chance;
    const troubles = this.#troubles;
    return new Promise((resolve, reject) => {
      this.#perhapsDie();
      if (this.dead) return;
      onAbort(signal, () => reject(abortError()));
      if (chance.happens(troubles.freeze)) this.#freeze(chance.between(5_000, 60_000));
      const latency = this.#latency();
      this.#scheduler.after(latency, () => {
        if (chance.happens(troubles.refusal)) {
          this.#resumeAfter(1, () => reject(networkError('ECONNRESET')));
          return;
        }
        if (chance.happens(troubles.retry)) attempt(execute);
        const outcome = attempt(execute);
        this.#perhapsDie();
        const lost = chance.happens(troubles.lostAnswer);
        this.#resumeAfter(latency + (takes?.() ?? 0), () => {
          if (lost) reject(networkError('the answer was lost'));
          else if ('error' in outcome) reject(outcome.error);
          else resolve(outcome.value);
        });
      });
    });
  }

  #latency(): number {
    if (!this.#chance.happens(this.#troubles.delay)) return this.#chance.between(1, 20);
    this.waited = true;
    return this.#chance.between(500, 8_000);
  }

  #freeze(milliseconds: number): void {
    this.froze = true;
    this.#frozenUntil = this.#scheduler.now + milliseconds;
  }

  /** Goes on after so many milliseconds, unless it is dead by then; when it is frozen, after it has thawed. */
  #resumeAfter(milliseconds: number, goOn: () => void): Moment {
    return this.#scheduler.after(milliseconds, () => {
      if (this.dead) return;
      if (this.frozen) this.#resumeAfter(this.#frozenUntil - this.#scheduler.now, goOn);
      else goOn();
    });
  }

  #perhapsDie(): void {
    if (this.#chance.happens(this.#troubles.death)) this.dead = true;
  }
}

/** Code that aborts something is running: its process is neither dead nor frozen then. */
function onAbort(signal: AbortSignal | undefined, abort: () => void): void {
  if (signal?.aborted) abort();
  else signal?.addEventListener('abort', abort, { once: true });
}

function abortError(): Error {
  return Object.assign(new Error('aborted'), { name: 'AbortError' });
}

type Attempt<T> = { readonly value: T } | { readonly error: unknown };

function attempt<T>(execute: () => T): Attempt<T> {
  try {
    return { value: execute() };
  } catch (error) {
    // An error of the simulated service is its answer, which still has to travel back.
    return { error };
  }
}

function networkError(message: string): Error {
  return Object.assign(new Error(message), { name: 'TimeoutError', $retryable: {} });
}
