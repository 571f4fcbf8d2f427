/** The running actions. The console waits for them when it is closed, so that no change is half done. */
export class RunningActions {
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<unknown>>();

  /** Runs an action. @throws the error of the action */
  async run<T>(action: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const running = action(this.#stopping.signal);
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  /** Aborts all actions, and waits until they have ended. Never rejects. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    // The caller of each action gets its result or its error.
    await Promise.allSettled(this.#running);
  }
}
