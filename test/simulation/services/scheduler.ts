import { setImmediate } from 'node:timers/promises';

/** How many moments pass between two turns of Node's event loop, which costs more than most moments. */
const TURN_EVERY = 16;

/** A moment to come. */
export interface Moment {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
  /** Set for a moment that nothing waits for any more. */
  cancelled: boolean;
}

/**
 * Simulated time: it stands still while code runs, and jumps to the next moment that something waits for. Nothing
 * here waits for real time or real I/O, so a run is the same every time.
 */
export class Scheduler {
  #now: number;
  #order = 0;
  #passed = 0;
  readonly #moments: Moment[] = [];

  /** @param now when the simulation begins, epoch milliseconds */
  constructor(now: number) {
    this.#now = now;
  }

  get now(): number {
    return this.#now;
  }

  /** Runs something after so many milliseconds; things due at one moment run in the order they were asked for. */
  after(milliseconds: number, run: () => void): Moment {
    const at = this.#now + Math.max(0, milliseconds);
    const moment: Moment = { at, order: this.#order++, run, cancelled: false };
    // A binary search keeps the list sorted, latest first, so that the next moment is popped from its end.
    let low = 0;
    let high = this.#moments.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#moments[middle];
      if (other && (other.at > moment.at || (other.at === moment.at && other.order > moment.order)))
        low = middle + 1;
      else high = middle;
    }
    this.#moments.splice(low, 0, moment);
    return moment;
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.after(milliseconds, resolve));
  }

  /** Lets time pass until nothing waits any more, the end is reached, or enough has been seen. */
  async run(until: number, isEnough: () => boolean): Promise<void> {
    for (let moment = this.#moments.pop(); moment; moment = this.#moments.pop()) {
      if (moment.cancelled) continue;
      if (moment.at > until || isEnough()) return;
      this.#now = moment.at;
      moment.run();
      await this.#rest();
    }
  }

  /** Node runs all microtasks first, however many follow each other: whatever the moment started has come to rest. */
  async #rest(): Promise<void> {
    this.#passed += 1;
    // In a turn of the event loop, a promise that was rejected and that nobody waits for ends the process.
    if (this.#passed % TURN_EVERY === 0) await setImmediate();
    else await new Promise<void>((resolve) => process.nextTick(resolve));
  }
}
