import { Invocation } from '../services/invocation.ts';
import { invoke } from './invoke.ts';
import type { ShopConsumer } from './shop.ts';
import type { SagaWorld } from './world.ts';

const BATCH = 5;
const SHORTEST_PAUSE_MS = 50;
const PAUSE_IN_VAIN_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

/** One poller of a queue: it starts invocations side by side, and sleeps while the queue is empty. */
export class Poller {
  readonly #world: SagaWorld;
  readonly #consumer: ShopConsumer;
  #asleep = true;

  constructor(world: SagaWorld, consumer: ShopConsumer) {
    this.#world = world;
    this.#consumer = consumer;
  }

  wake(): void {
    if (!this.#asleep) return;
    this.#asleep = false;
    this.#world.scheduler.after(this.#world.chance.between(1, 50), () => this.#poll());
  }

  #poll(): void {
    const world = this.#world;
    const queue = world.queue(this.#consumer.definition.name);
    const receipts = queue.receive(BATCH);
    if (receipts.length > 0) this.#start(receipts);
    if (queue.nextVisibleAt === undefined) {
      this.#asleep = true;
      return;
    }
    const pause = Math.min(LONGEST_PAUSE_MS, queue.nextVisibleAt - world.scheduler.now);
    const shortest = receipts.length > 0 ? SHORTEST_PAUSE_MS : PAUSE_IN_VAIN_MS;
    world.scheduler.after(Math.max(shortest, pause), () => this.#poll());
  }

  #start(receipts: Parameters<typeof invoke>[0]['receipts']): void {
    const world = this.#world;
    const { scheduler, chance, troubles } = world;
    const invocation = new Invocation(world.newName(), { scheduler, chance, troubles, maxSkewMs: 0 });
    world.counts.deliveries += receipts.length;
    void invoke({ world, consumer: this.#consumer, receipts, invocation });
    // Lambda ends the invocation at its time-out; a host that stands still notices later.
    const end = (): void => {
      if (invocation.frozen) scheduler.after(1_000, end);
      else {
        if (invocation.dead) world.counts.crashes += 1;
        invocation.dead = true;
      }
    };
    scheduler.after(this.#consumer.definition.timeoutSeconds * 1_000, end);
  }
}
