/** The time on this machine as functions and schedules see it: the real one, and how far it was moved ahead. */
export class VirtualClock {
  #aheadMs = 0;

  /** How far it is ahead of the real time, in milliseconds. */
  get aheadMs(): number {
    return this.#aheadMs;
  }

  /** Epoch milliseconds. */
  now(): number {
    return Date.now() + this.#aheadMs;
  }

  /** Moves it ahead. Nothing happens by this alone. */
  move(milliseconds: number): void {
    this.#aheadMs += milliseconds;
  }
}
