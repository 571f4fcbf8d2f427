/** Items that a transaction holds until it is over: another that wants one of them meanwhile is cancelled. */
export class HeldItems {
  readonly #now: () => number;
  readonly #until = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  hold(table: string, key: string, milliseconds: number): void {
    this.#until.set(`${table} ${key}`, this.#now() + milliseconds);
  }

  has(table: string, key: string): boolean {
    return (this.#until.get(`${table} ${key}`) ?? 0) > this.#now();
  }
}
