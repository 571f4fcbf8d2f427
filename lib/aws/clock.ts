import { setTimeout } from 'node:timers/promises';

/** The source of time. All code that waits or reads the time uses a clock, so that tests can simulate time. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /**
   * Resolves after `milliseconds`. With `ref: false` this timer does not keep the process alive.
   *
   * @throws AbortError as soon as the signal fires
   */
  sleep(
    milliseconds: number,
    options?: { readonly ref?: boolean; readonly signal?: AbortSignal },
  ): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds, options) => setTimeout(milliseconds, undefined, options),
};
