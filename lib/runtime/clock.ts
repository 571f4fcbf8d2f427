/** Time, as the runtime sees it. Everything that waits or asks what time it is goes through a clock. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Resolves after so many milliseconds. */
  sleep(milliseconds: number): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  // Unreferenced: a deadline that nobody waits for any more must not keep the process from freezing or ending.
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds).unref()),
};
