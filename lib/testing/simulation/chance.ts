/** Repeatable chance: the same seed gives the same numbers, everywhere. */
export interface Chance {
  /** From 0 (included) to 1 (excluded). */
  next(): number;
  /** Whether something of this probability happens. */
  happens(probability: number): boolean;
  /** A whole number from 0 (included) to `below` (excluded). */
  below(below: number): number;
  /** A number between two bounds. */
  between(low: number, high: number): number;
}

/** Mulberry32, a small generator that is good enough to choose faults with. */
export function createChance(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    happens: (probability) => next() < probability,
    below: (below) => Math.floor(next() * below),
    between: (low, high) => low + next() * (high - low),
  };
}

/** A copy in an order that chance decides. */
export function shuffled<T>(all: readonly T[], chance: Chance): T[] {
  return all
    .map((one) => ({ one, at: chance.next() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ one }) => one);
}
