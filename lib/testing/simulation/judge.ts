import { type Difference, differences, type Expected, expectedOf } from './compare.ts';
import { type RunResult, type SimulatedEvent, type SimulationSetup, simulateRun } from './simulated-run.ts';

/** Two seeds of runs without faults: they differ in time and chance only. */
const FAULTLESS_SEEDS = [1, 2] as const;

/** Judges runs: whether the world that they leave behind is one in which every event has had its effect once. */
export class Judge {
  readonly #setup: SimulationSetup;
  /** What is left behind by events in an order, by their ids. */
  readonly #expected = new Map<string, Promise<readonly Expected[]>>();

  constructor(setup: SimulationSetup) {
    this.#setup = setup;
  }

  /**
   * The order of events is not promised, so any order will do: first that in which they were done is looked at, then every other.
   *
   * @returns what differs from the order in which they were done; nothing when some order explains it
   */
  async judge(
    events: readonly SimulatedEvent[],
    { facts, order }: RunResult,
  ): Promise<readonly Difference[]> {
    const rest = events.filter((event) => !order.includes(event));
    const first = differences(await this.#expect([...order, ...rest]), facts);
    if (first.length === 0) return first;
    for (const other of permutations(events)) {
      if (differences(await this.#expect(other), facts).length === 0) return [];
    }
    return first;
  }

  #expect(events: readonly SimulatedEvent[]): Promise<readonly Expected[]> {
    const key = events.map(({ id }) => id).join(' ');
    const known = this.#expected.get(key);
    if (known) return known;
    const made = this.#withoutFaults(events);
    this.#expected.set(key, made);
    return made;
  }

  async #withoutFaults(events: readonly SimulatedEvent[]): Promise<readonly Expected[]> {
    const [a, b] = FAULTLESS_SEEDS;
    const one = await simulateRun(this.#setup, events, { seed: a, faults: 0 });
    const other = await simulateRun(this.#setup, events, { seed: b, faults: 0 });
    return expectedOf(one.facts, other.facts);
  }
}

function permutations<T>(all: readonly T[]): T[][] {
  if (all.length < 2) return [[...all]];
  return all.flatMap((one, index) =>
    permutations(all.filter((_, other) => other !== index)).map((rest) => [one, ...rest]),
  );
}
