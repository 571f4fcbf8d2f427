import { setTimeout } from 'node:timers/promises';

/** Time, as the runtime sees it. Everything that waits or asks what time it is goes through a clock. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /**
   * Resolves after so many milliseconds. Node ends a process in which nothing is left to wait for; `ref: false` is
   * for what nobody may be waiting for any more.
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
