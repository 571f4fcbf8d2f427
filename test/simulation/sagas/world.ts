import type { SendMessageBatchCommandInput } from '@aws-sdk/client-sqs';
import { type Envelope, identityOf, serializeEnvelope } from '../../../lib/contracts/envelope/envelope.ts';
import { readLaterMessage } from '../../../lib/later/later-message.ts';
import { type Chance, createChance } from '../../../lib/testing/simulation/chance.ts';
import { SimulatedDynamoDB } from '../services/dynamodb/simulated-dynamodb.ts';
import type { Invocation, Troubles } from '../services/invocation.ts';
import { Scheduler } from '../services/scheduler.ts';
import { SimulatedQueue } from '../services/simulated-queue.ts';
import { SimulatedTopic } from '../services/simulated-topic.ts';
import { CALM } from '../stories/settings.ts';
import { judgeChange } from './checks.ts';
import { eventsOf, ORDERS_MS, type Order, takeOrders } from './orders.ts';
import { Poller } from './poller.ts';
import { chooseSettings, type Settings } from './settings.ts';
import { SHOP, type ShopConsumer } from './shop.ts';

const START = Date.parse('2026-01-01T00:00:00Z');
/** Trouble goes on for some time after the last order. */
const TROUBLE_MS = ORDERS_MS + 300_000;
const END_MS = 2 * 86_400_000;
/** How long an event can be held up on its way. */
const LONGEST_DELAY_MS = 120_000;
/** SQS's visibility timeout is six times the function's, as the constructs set it. */
const VISIBILITY_FACTOR = 6;
const MAX_RECEIVE_COUNT = 10_000;

/** Everything that one seed decides: the shop with its saga, 50 orders, and what goes wrong. */
export class SagaWorld {
  readonly chance: Chance;
  readonly settings: Settings;
  readonly scheduler = new Scheduler(START);
  readonly orders: readonly Order[];
  readonly dynamodb: SimulatedDynamoDB<Invocation>;
  readonly topic: SimulatedTopic;
  readonly queues: ReadonlyMap<string, SimulatedQueue>;
  readonly violations: string[] = [];
  /** How often what has happened, to know that the stories are worth telling. */
  readonly counts = { deliveries: 0, crashes: 0, early: 0, conflicts: 0, cancelledTimeouts: 0 };
  readonly #pollers: ReadonlyMap<string, Poller>;
  /** `<source>|<id>` of events for later that were cancelled. */
  readonly #cancelled = new Set<string>();
  #names = 0;

  constructor(seed: number) {
    this.chance = createChance(seed);
    this.settings = chooseSettings(this.chance);
    this.orders = takeOrders(this.chance);
    this.dynamodb = new SimulatedDynamoDB({
      now: () => this.scheduler.now,
      throttles: () => this.isTroubled && this.chance.happens(this.settings.throttling),
      holds: () => this.chance.between(5, 40),
      onChange: (change) => judgeChange(this, change),
    });
    this.topic = new SimulatedTopic({
      fifo: false,
      refuses: () => this.isTroubled && this.chance.happens(0.05),
      takes: () => 0,
      deliver: (_sent, event) => this.deliver(event),
    });
    this.queues = new Map(SHOP.map((consumer) => [consumer.definition.name, this.#createQueue(consumer)]));
    this.#pollers = new Map(SHOP.map((consumer) => [consumer.definition.name, new Poller(this, consumer)]));
  }

  get isTroubled(): boolean {
    return this.scheduler.now < START + TROUBLE_MS;
  }

  get troubles(): Troubles {
    return this.isTroubled ? this.settings.troubles : CALM;
  }

  newName(): string {
    return `n${this.#names++}`;
  }

  violate(what: string): void {
    this.violations.push(what);
  }

  queue(name: string): SimulatedQueue {
    const queue = this.queues.get(name);
    if (!queue) throw new Error(`there is no consumer ${name}`);
    return queue;
  }

  /** Lets the story happen, until nothing moves any more. */
  async run(): Promise<void> {
    for (const { at, event } of this.orders.flatMap(eventsOf)) {
      this.scheduler.after(at, () => this.deliver(event));
    }
    await this.scheduler.run(START + END_MS, () => this.violations.length > 5);
  }

  /** Brings an event to all its consumers: now or minutes later, once or more often. */
  deliver(event: Envelope): void {
    const { chance, settings } = this;
    for (const { definition } of SHOP) {
      if (!definition.listensTo.some(({ versionedType }) => versionedType === event.type)) continue;
      const times = this.isTroubled && chance.happens(settings.republished) ? 2 : 1;
      for (let time = 0; time < times; time++) {
        const held = this.isTroubled && chance.happens(settings.overtaken);
        const delay = held ? chance.between(0, LONGEST_DELAY_MS) : chance.between(1, 200);
        this.scheduler.after(delay, () =>
          this.queue(definition.name).send({ body: serializeEnvelope(event), identity: identityOf(event) }),
        );
      }
    }
  }

  /** Takes what is sent to the queue of later events: delivered on time or up to a minute late, unless it was cancelled by then. */
  takeLater({ Entries = [] }: SendMessageBatchCommandInput) {
    for (const { MessageBody = '' } of Entries) {
      const message = readLaterMessage(MessageBody);
      if ('cancel' in message) {
        this.counts.cancelledTimeouts += 1;
        this.#cancelled.add(`${message.cancel.owner}|${message.cancel.key}`);
      }
      if ('event' in message) this.#deliverLater(message.event);
    }
    const Successful = Entries.map(({ Id }) => ({ Id, MessageId: this.newName(), MD5OfMessageBody: '' }));
    return { Successful, Failed: [] };
  }

  #deliverLater(event: Envelope): void {
    const late = this.chance.happens(0.2) ? this.chance.between(0, 60_000) : 0;
    const delay = Date.parse(event.deliverat ?? '') - this.scheduler.now + late;
    this.scheduler.after(delay, () => {
      // What is cancelled can come nevertheless, if it was under way.
      if (!this.#cancelled.has(identityOf(event)) || this.chance.happens(0.2)) this.deliver(event);
    });
  }

  #createQueue({ definition }: ShopConsumer): SimulatedQueue {
    return new SimulatedQueue({
      chance: this.chance,
      now: () => this.scheduler.now,
      visibilityTimeoutMs: definition.timeoutSeconds * 1_000 * VISIBILITY_FACTOR,
      maxReceiveCount: MAX_RECEIVE_COUNT,
      fifo: false,
      duplicates: () => (this.isTroubled ? 0.05 : 0.01),
      onSent: () => this.#pollers.get(definition.name)?.wake(),
    });
  }
}
