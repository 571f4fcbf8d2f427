/** A small seeded generator: the same numbers for the same seed. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = (Math.abs(Math.trunc(seed)) % 2147483646) + 1;
  }

  /** A whole number from 0 up to, and without, the limit. */
  below(limit: number): number {
    this.#state = (this.#state * 48271) % 2147483647;
    return this.#state % limit;
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<Item>(items: readonly [Item, ...Item[]] | readonly Item[], otherwise: Item): Item {
    return items[this.below(Math.max(1, items.length))] ?? otherwise;
  }
}
