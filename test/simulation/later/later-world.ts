import { deliveryTime } from '../../../lib/contracts/envelope/deliver-at.ts';
import type { Envelope } from '../../../lib/contracts/envelope/envelope.ts';
import { type Chance, createChance } from '../../../lib/testing/simulation/chance.ts';
import { Invocation, type Troubles } from '../services/invocation.ts';
import { type Moment, Scheduler } from '../services/scheduler.ts';
import type { Receipt } from '../services/simulated-queue.ts';
import { CALM } from '../stories/settings.ts';
import { handleBatch } from './handle-batch.ts';
import { LaterServices } from './later-services.ts';
import { choosePlans, type Plan, Planned, TIMEOUT_MS } from './plans.ts';
import type { QueueName } from './queues.ts';

const START = Date.UTC(2026, 0, 1);
const TROUBLE_MS = 600_000;
const END_MS = 3 * 86_400_000;
const LATER_SEED = 0x6c617465;
const BATCH = 5;
const BUSY_PAUSE_MS = 100;
const IDLE_PAUSE_MS = 1_000;
/** How far the clocks are off. */
export const SKEW_MS = 300;
const TROUBLES: Troubles = {
  death: 0.03,
  freeze: 0.01,
  refusal: 0.03,
  lostAnswer: 0.03,
  retry: 0.02,
  delay: 0.03,
};

/** A planner that emits events for later, the queue of these events with its function, and a receiver. */
export class LaterWorld {
  readonly time = new Scheduler(START);
  readonly plans: readonly Plan[];
  readonly services: LaterServices;
  readonly #chance: Chance;
  readonly #polls = new Map<QueueName, Moment>();
  #names = 0;

  constructor(seed: number) {
    this.#chance = createChance(seed + LATER_SEED);
    this.plans = choosePlans(this.#chance);
    this.services = new LaterServices({
      chance: this.#chance,
      time: this.time,
      isTroubled: () => this.#isTroubled(),
      onSent: (queue, delayMs) => this.#pollAfter(queue, delayMs + BUSY_PAUSE_MS),
    });
  }

  async run(): Promise<void> {
    for (const { id, sentAfter, ...data } of this.plans) {
      const event = { specversion: '1.0', id, source: '/sim', type: Planned.versionedType, data };
      this.time.after(sentAfter, () =>
        this.services.queues.planner.send({ body: JSON.stringify(event), identity: id }),
      );
    }
    await this.time.run(START + END_MS, () => false);
  }

  #isTroubled(): boolean {
    return (
      this.time.now < START + TROUBLE_MS ||
      (this.time.now > START + 86_000_000 && this.time.now < START + 88_000_000)
    );
  }

  /** Looks for messages now, and again as long as there are any. */
  #poll(name: QueueName): void {
    const queue = this.services.queues[name];
    const receipts = queue.receive(BATCH);
    if (receipts.length > 0) void this.#invoke(name, receipts);
    if (queue.nextVisibleAt === undefined) return;
    const pause =
      receipts.length > 0 ? BUSY_PAUSE_MS : Math.max(IDLE_PAUSE_MS, queue.nextVisibleAt - this.time.now);
    this.#pollAfter(name, pause);
  }

  /** Lets a queue be looked at then, unless that happens sooner anyhow. */
  #pollAfter(name: QueueName, pause: number): void {
    const at = this.time.now + pause;
    const next = this.#polls.get(name);
    if (next && !next.cancelled && next.at > this.time.now && next.at <= at) return;
    if (next) next.cancelled = true;
    this.#polls.set(
      name,
      this.time.after(pause, () => this.#poll(name)),
    );
  }

  async #invoke(name: QueueName, receipts: readonly Receipt[]): Promise<void> {
    const troubles = this.#isTroubled() ? TROUBLES : CALM;
    const invocation = new Invocation(`i${this.#names++}`, {
      scheduler: this.time,
      chance: this.#chance,
      troubles,
      maxSkewMs: SKEW_MS,
    });
    this.time.after(TIMEOUT_MS, () => {
      invocation.dead = true;
    });
    const { batchItemFailures } = await handleBatch({
      queue: name,
      receipts,
      invocation,
      services: this.services,
      chance: this.#chance,
    });
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const { message } of receipts)
      if (!failed.has(message.messageId) && !this.#chance.happens(troubles.lostAnswer))
        this.services.queues[name].delete(message);
  }
}

/** When an event is due. */
export function dueAt(event: Envelope): number {
  return deliveryTime(event) ?? 0;
}
