import { setImmediate } from 'node:timers/promises';

/** A moment to come. */
export interface Moment {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
  /** Set for a moment that nothing waits for any more. */
  cancelled: boolean;
}

/** A turn of Node's event loop costs more than most moments, so only some moments have one. */
const TURN_EVERY = 16;

/** Many times what a run of a handler with a few calls has; a test that goes on for ever ends in seconds. */
const MAX_MOMENTS = 30_000;

/** The test does not come to its end: something is done again and again. */
export class EndlessTimeError extends Error {
  override readonly name = 'EndlessTimeError';

  constructor(seconds: number) {
    super(
      `something is done again and again: ${MAX_MOMENTS} moments have passed in ${seconds} s of the test's time, and there are more to come`,
    );
  }
}

/**
 * Time of its own: it stands still while code runs, and jumps to the next moment that something waits for. So a test
 * waits for no real second, and a run is the same every time.
 */
export class Scheduler {
  readonly #isBusy: () => boolean;
  #now: number;
  #order = 0;
  #passed = 0;
  readonly #moments: Moment[] = [];

  /**
   * @param now when it begins, epoch milliseconds
   * @param isBusy whether code is at work that waits for something real, such as a file: time stands still for it
   */
  constructor(now: number, isBusy: () => boolean) {
    this.#now = now;
    this.#isBusy = isBusy;
  }

  get now(): number {
    return this.#now;
  }

  /** Runs something after so many milliseconds; things due at one moment run in the order they were asked for. */
  after(milliseconds: number, run: () => void): Moment {
    // Whole milliseconds, as the clocks of machines show them.
    const at = this.#now + Math.max(0, Math.ceil(milliseconds));
    const moment: Moment = { at, order: this.#order++, run, cancelled: false };
    const index = this.#moments.findLastIndex((other) => other.at <= at);
    this.#moments.splice(index + 1, 0, moment);
    return moment;
  }

  /**
   * Lets time pass until nothing waits any more, or the end is reached.
   *
   * @throws EndlessTimeError when neither is the case after very many moments
   */
  async run(isOver: () => boolean): Promise<void> {
    const startedAt = this.#now;
    await this.#rest();
    for (let moments = 0; !isOver(); moments++) {
      const moment = this.#moments.shift();
      if (!moment) return;
      if (moments === MAX_MOMENTS) throw new EndlessTimeError((this.#now - startedAt) / 1000);
      if (moment.cancelled) continue;
      this.#now = Math.max(this.#now, moment.at);
      moment.run();
      await this.#rest();
    }
  }

  /** Lets this much time pass, and does what becomes due in it. */
  async pass(milliseconds: number): Promise<void> {
    const until = this.#now + milliseconds;
    await this.run(() => (this.#moments[0]?.at ?? Number.POSITIVE_INFINITY) > until);
    this.#now = until;
  }

  /** Node runs all microtasks first, however many follow each other: whatever the moment started has come to rest. */
  async #rest(): Promise<void> {
    this.#passed += 1;
    await new Promise<void>((resolve) => process.nextTick(resolve));
    // In a turn of the event loop, a promise that was rejected and that nobody waits for ends the process.
    if (this.#passed % TURN_EVERY === 0) await setImmediate();
    while (this.#isBusy()) await setImmediate();
  }
}
