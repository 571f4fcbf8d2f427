import { identityOf } from '../../lib/contracts/envelope.ts';
import type { RateLimit } from '../../lib/contracts/rate-limit.ts';
import { Answered, Asked, BATCH, FATES, first, POLLERS, second } from './app.ts';
import { SimulatedDynamoDB } from './dynamodb/simulated-dynamodb.ts';
import { Invocation, MAX_SKEW_MS, type Troubles } from './invocation.ts';
import { type Chance, createChance } from './random.ts';
import { Scheduler } from './scheduler.ts';
import {
  countEffect,
  hopeless,
  invoke,
  type SimulatedConsumer,
  type SimulatedHandler,
} from './simulated-consumer.ts';
import { SimulatedQueue } from './simulated-queue.ts';
import { SimulatedTopic } from './simulated-topic.ts';
import { TurnLog } from './turn-log.ts';

const START = Date.UTC(2026, 0, 1);
const MINUTE = 60_000;
/** Trouble reigns for so long; then everything works, so that what can be finished is. */
const TROUBLE_MS = 3 * MINUTE;
const END_MS = 24 * 60 * MINUTE;
/** From then on no invocation is left that has known trouble, nor a slot that such a one has booked and not used. */
const AT_REST_MS = TROUBLE_MS + 2 * MINUTE;
/** How long a poll waits in vain. */
const IDLE_MS = 10_000;
const LEASE_MS = 10_000;
const CALM: Troubles = { death: 0, freeze: 0, refusal: 0, lostAnswer: 0, retry: 0, delay: 0 };

/** An event that was accepted at the door. */
export interface Accepted {
  readonly id: string;
  readonly n: number;
  readonly group: string;
  readonly fate: (typeof FATES)[number];
}

/** Everything that one seed decides: two consumers in a chain, a topic between them, and what goes wrong. */
export class World {
  readonly chance: Chance;
  readonly fifo: boolean;
  readonly effects: 'claim' | 'commit';
  readonly rateLimit: RateLimit | undefined;
  readonly #maxSkewMs: number;
  readonly scheduler = new Scheduler(START);
  readonly dynamodb: SimulatedDynamoDB;
  readonly topic: SimulatedTopic;
  readonly accepted: Accepted[] = [];
  readonly consumers: readonly [SimulatedConsumer, SimulatedConsumer];
  /** Ids of events that were published before the effect that they tell of. */
  readonly premature: string[] = [];
  /** Events that two invocations have handled at once, both well within their leases. */
  readonly overlaps: string[] = [];
  readonly turns = new TurnLog();
  readonly #leases = new Map<string, number>();
  readonly #troubles: Troubles;
  #lastActivity = START;
  #tokens = 0;

  constructor(seed: number) {
    this.chance = createChance(seed);
    const { chance } = this;
    this.fifo = chance.happens(0.25);
    this.effects = chance.happens(0.5) ? 'claim' : 'commit';
    this.rateLimit = chance.happens(0.4) ? { perSecond: 3 + chance.below(3) } : undefined;
    this.#maxSkewMs = chance.happens(0.5) ? MAX_SKEW_MS : 0;
    this.#troubles = {
      death: chance.between(0, 0.06),
      freeze: chance.between(0, 0.05),
      refusal: chance.between(0, 0.1),
      lostAnswer: chance.between(0, 0.1),
      retry: chance.between(0, 0.1),
      delay: chance.between(0, 0.1),
    };
    const throttling = chance.between(0, 0.08);
    this.dynamodb = new SimulatedDynamoDB(() =>
      this.#isTroubled && chance.happens(throttling) ? 'ThrottlingError' : undefined,
    );
    const queues = [this.#createQueue(), this.#createQueue()] as const;
    this.consumers = [
      { definition: first(this), queue: queues[0], handler: this.#firstHandler() },
      { definition: second(this), queue: queues[1], handler: this.#secondHandler() },
    ];
    const refusing = chance.happens(0.2) ? 0.7 : 0.05;
    this.topic = new SimulatedTopic(
      () => this.#isTroubled && chance.happens(refusing),
      (body, group) => this.#onPublished(body, group),
    );
  }

  get troubles(): Troubles {
    return this.#isTroubled ? this.#troubles : CALM;
  }

  newToken(): string {
    return `token-${this.#tokens++}`;
  }

  /** Whether nothing can make an event wait but the rate limit. An early clock sees the slots of others later. */
  isCalm({ startedAt }: Invocation): boolean {
    return startedAt >= START + AT_REST_MS && this.#maxSkewMs === 0;
  }

  /** Lets the story happen: accepted events, trouble, calm, redrives, until nothing moves any more. */
  async run(): Promise<void> {
    this.#accept(3 + this.chance.below(6));
    // A load that the limit has to spread, at a time when nothing else can make an event wait.
    if (this.rateLimit) this.scheduler.after(AT_REST_MS, () => this.#accept(BATCH * POLLERS * 2));
    for (const consumer of this.consumers)
      for (let poller = 0; poller < POLLERS; poller++) this.#poll(consumer);
    await this.scheduler.run(START + END_MS);
  }

  get #isTroubled(): boolean {
    return this.scheduler.now < START + TROUBLE_MS;
  }

  #createQueue(): SimulatedQueue {
    return new SimulatedQueue({
      chance: this.chance,
      now: () => this.scheduler.now,
      visibilityTimeoutMs: 60_000,
      // In trouble messages may die of it; a redrive brings them back in calm.
      maxReceiveCount: this.fifo ? 1_000 : 4,
      fifo: this.fifo,
      duplicates: this.fifo ? 0 : 0.1,
    });
  }

  #accept(count: number): void {
    const from = this.accepted.length;
    for (let n = from; n < from + count; n++) {
      const fate = FATES[this.chance.below(FATES.length)] ?? 'good';
      const event = { id: `e-${n}`, n, group: `g-${n % 2}`, fate };
      this.accepted.push(event);
      const body = JSON.stringify({
        specversion: '1.0',
        id: event.id,
        source: '/sim',
        type: Asked.versionedType,
        partitionkey: event.group,
        data: { n, fate },
      });
      this.consumers[0].queue.send(body, event.group);
      // A publisher that has not seen the answer sends the same event again.
      if (!this.fifo && this.chance.happens(0.3)) this.consumers[0].queue.send(body, event.group);
    }
  }

  #poll(consumer: SimulatedConsumer): void {
    const { queue, definition } = consumer;
    const receipts = queue.receive(BATCH);
    if (receipts.length > 0) {
      const invocation = new Invocation(this.scheduler, this.chance, this.troubles, this.#maxSkewMs);
      this.#lastActivity = this.scheduler.now;
      const answered = invoke(this, consumer, receipts, invocation);
      // Lambda ends the invocation at its time-out; a host that stands still notices later.
      const end = (): void => {
        if (invocation.frozen) this.scheduler.after(1_000, end);
        else invocation.dead = true;
      };
      this.scheduler.after(definition.timeoutSeconds * 1000, end);
      // Where it matters, no more invocations at once than Lambda would start.
      const over = Promise.race([answered, this.scheduler.sleep(definition.timeoutSeconds * 1000)]);
      if (this.rateLimit) return void over.then(() => this.#pollAgain(consumer));
    }
    this.#pollAgain(consumer);
  }

  #pollAgain(consumer: SimulatedConsumer): void {
    const { queue } = consumer;
    if (!this.#isTroubled && queue.deadLetters.length > 0)
      queue.redrive((body) => !body.includes('"hopeless"'));
    const next = this.#nextPoll(queue);
    if (next !== undefined) this.scheduler.after(next, () => this.#poll(consumer));
  }

  /** Milliseconds to the next poll; polls end when nothing has come for longer than a request can be under way. */
  #nextPoll(queue: SimulatedQueue): number | undefined {
    if (queue.waiting.length > 0)
      return Math.max(50, Math.min(IDLE_MS, (queue.nextVisibleAt ?? 0) - this.scheduler.now));
    const quietSince = Math.max(this.#lastActivity, START + TROUBLE_MS);
    const othersWait = this.consumers.some(({ queue: other }) => other.waiting.length > 0);
    return othersWait || this.scheduler.now < quietSince + 2 * MINUTE ? IDLE_MS : undefined;
  }

  #firstHandler(): SimulatedHandler {
    return async (event, ctx, { startedAt }) => {
      const { n, fate } = event.data as { n: number; fate: Accepted['fate'] };
      const release = this.#hold(event.id, startedAt);
      try {
        await this.#live(fate, ctx.signal);
      } finally {
        release();
      }
      ctx.emit(Answered, { n, fate: 'good' });
      await ctx.commit([countEffect('first', identityOf(event))]);
    };
  }

  #secondHandler(): SimulatedHandler {
    return async (event, ctx) => {
      if (this.#isTroubled && this.chance.happens(0.1)) throw new Error('flaky');
      await ctx.commit([countEffect('second', identityOf(event))]);
    };
  }

  /** Notes that an event is being handled, until its handler ends or its lease is nearly over. */
  #hold(id: string, startedAt: number): () => void {
    const { now } = this.scheduler;
    if (this.effects === 'claim' && (this.#leases.get(id) ?? 0) > now) this.overlaps.push(id);
    const until = startedAt + LEASE_MS - 2 * MAX_SKEW_MS;
    this.#leases.set(id, until);
    return () => {
      if (this.#leases.get(id) === until) this.#leases.delete(id);
    };
  }

  async #live(fate: Accepted['fate'], signal: AbortSignal): Promise<void> {
    if (fate === 'hopeless') hopeless();
    if (fate === 'flaky' && this.#isTroubled && this.chance.happens(0.4)) throw new Error('flaky');
    if (fate === 'slow' && this.#isTroubled) await this.scheduler.sleep(this.chance.between(100, 14_000));
    if (signal.aborted && this.chance.happens(0.5)) throw new Error('heeded the deadline');
  }

  #onPublished(body: string, group: string | undefined): void {
    const event = JSON.parse(body);
    const effect = this.dynamodb.items('effects').get(`first|/sim|${event.causationid}`);
    if (effect === undefined) this.premature.push(event.id);
    this.consumers[1].queue.send(body, group);
  }
}
