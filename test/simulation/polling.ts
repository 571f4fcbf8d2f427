import { closeBatch } from './checks/answer.ts';
import { Invocation } from './services/invocation.ts';
import { type Batch, invoke, type SimulatedConsumer } from './simulated-consumer.ts';
import { BATCH, TIMEOUT_MS } from './stories/app.ts';
import type { World } from './world.ts';

/** How often a poll looks again at messages that are in flight. */
const LONGEST_PAUSE_MS = 10_000;
const SHORTEST_PAUSE_MS = 50;
/** After a poll in vain: what is visible may lie behind a message of its group that is in flight. */
const PAUSE_IN_VAIN_MS = 1_000;

/** Probability that Lambda is throttled and starts no invocation for what was received. */
const THROTTLED = 0.05;

/** One poller of a queue: it sleeps while the queue is empty. */
export class Poller {
  readonly #world: World;
  readonly #consumer: SimulatedConsumer;
  #asleep = true;

  constructor(world: World, consumer: SimulatedConsumer) {
    this.#world = world;
    this.#consumer = consumer;
  }

  /** Tells it that something has been sent. */
  wake(): void {
    if (!this.#asleep) return;
    this.#asleep = false;
    this.#world.scheduler.after(this.#world.chance.between(1, 100), () => this.#poll());
  }

  #poll(): void {
    const receipts = this.#consumer.queue.receive(BATCH);
    // A function that is throttled has taken its messages, and nobody is told.
    const throttled = this.#world.isTroubled() && this.#world.chance.happens(THROTTLED);
    const over = receipts.length > 0 && !throttled ? this.#start(receipts) : undefined;
    // Where it matters, no more invocations at once than Lambda would start.
    const waits = this.#world.settings.kinds[this.#consumer.name].rateLimit !== undefined;
    if (over && waits) void over.then(() => this.#pollAgain(SHORTEST_PAUSE_MS));
    else this.#pollAgain(over ? SHORTEST_PAUSE_MS : PAUSE_IN_VAIN_MS);
  }

  #pollAgain(shortest: number): void {
    const { queue } = this.#consumer;
    const { scheduler } = this.#world;
    if (queue.nextVisibleAt === undefined) {
      this.#asleep = true;
      return;
    }
    const pause = Math.min(LONGEST_PAUSE_MS, queue.nextVisibleAt - scheduler.now);
    scheduler.after(Math.max(shortest, pause), () => this.#poll());
  }

  /** Starts an invocation; resolves when it is over. */
  #start(receipts: Batch['receipts']): Promise<unknown> {
    const world = this.#world;
    const { scheduler, chance, troubles, settings } = world;
    const { maxSkewMs } = settings;
    const invocation = new Invocation(world.newInvocationName(), { scheduler, chance, troubles, maxSkewMs });
    const batch: Batch = {
      world,
      consumer: this.#consumer,
      receipts,
      invocation,
      buried: new Set(),
      scheduled: new Set(),
    };
    world.openBatches.add(batch);
    for (const { message, duplicate } of receipts) {
      const history = world.ledger.history(this.#consumer.name, message.identity);
      if (history && duplicate) history.repeats += 1;
    }
    // Lambda ends the invocation at its time-out; a host that stands still notices later.
    const end = (): void => {
      if (invocation.frozen) scheduler.after(1_000, end);
      else closeBatch(batch);
    };
    scheduler.after(TIMEOUT_MS, end);
    return Promise.race([invoke(batch), scheduler.sleep(TIMEOUT_MS)]);
  }
}
