import type { PollingChange } from '../../../lib/intake/controller/controller-ports.ts';
import type { Chance } from '../../../lib/testing/simulation/chance.ts';
import type { Scheduler } from '../services/scheduler.ts';

/** An event source mapping: a change takes up to a minute, and meanwhile Lambda takes no other one. */
export class SimulatedMapping {
  on = true;
  #busy = false;
  readonly #scheduler: Scheduler;
  readonly #chance: Chance;

  constructor(scheduler: Scheduler, chance: Chance) {
    this.#scheduler = scheduler;
    this.#chance = chance;
  }

  set(wanted: boolean): PollingChange {
    if (this.#busy) return 'busy';
    if (this.on === wanted) return 'done';
    this.#busy = true;
    this.#scheduler.after(this.#chance.between(1_000, 60_000), () => {
      this.on = wanted;
      this.#busy = false;
    });
    return 'done';
  }
}
