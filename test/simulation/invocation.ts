import type { Clock } from '../../lib/runtime/clock.ts';
import type { Chance } from './random.ts';
import type { Scheduler } from './scheduler.ts';

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

/** One invocation of a function: a process that can die at any moment, or stand still. */
export class Invocation {
  dead = false;
  /** Simulated time at which it began. */
  readonly startedAt: number;
  #frozenUntil = 0;
  readonly #scheduler: Scheduler;
  readonly #chance: Chance;
  readonly #troubles: Troubles;
  /** How far its clock is off, in milliseconds. */
  readonly #skew: number;

  constructor(scheduler: Scheduler, chance: Chance, troubles: Troubles, maxSkewMs: number) {
    this.#scheduler = scheduler;
    this.startedAt = scheduler.now;
    this.#chance = chance;
    this.#troubles = troubles;
    this.#skew = chance.between(-maxSkewMs, maxSkewMs);
  }

  readonly clock: Clock = {
    now: () => this.#scheduler.now + this.#skew,
    sleep: (milliseconds) => new Promise((resolve) => this.#resumeAfter(milliseconds, resolve)),
  };

  /** Whether it stands still now. */
  get frozen(): boolean {
    return this.#scheduler.now < this.#frozenUntil;
  }

  /** Sends a request over a network that is not to be trusted. */
  request<T>(execute: () => T): Promise<T> {
    const chance = this.#chance;
    const troubles = this.#troubles;
    return new Promise((resolve, reject) => {
      this.#perhapsDie();
      if (this.dead) return;
      if (chance.happens(troubles.freeze))
        this.#frozenUntil = this.#scheduler.now + chance.between(5_000, 60_000);
      const latency = chance.happens(troubles.delay) ? chance.between(500, 8_000) : chance.between(1, 20);
      this.#scheduler.after(latency, () => {
        if (chance.happens(troubles.refusal))
          return this.#resumeAfter(1, () => reject(networkError('ECONNRESET')));
        if (chance.happens(troubles.retry)) attempt(execute);
        const outcome = attempt(execute);
        this.#perhapsDie();
        const lost = chance.happens(troubles.lostAnswer);
        this.#resumeAfter(latency, () => {
          if (lost) reject(networkError('the answer was lost'));
          else if ('error' in outcome) reject(outcome.error);
          else resolve(outcome.value);
        });
      });
    });
  }

  /** Goes on after so many milliseconds, unless it is dead by then; when it is frozen, after it has thawed. */
  #resumeAfter(milliseconds: number, goOn: () => void): void {
    this.#scheduler.after(milliseconds, () => {
      if (this.dead) return;
      if (this.frozen) return this.#resumeAfter(this.#frozenUntil - this.#scheduler.now, goOn);
      goOn();
    });
  }

  #perhapsDie(): void {
    if (this.#chance.happens(this.#troubles.death)) this.dead = true;
  }
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
