import { BatchGetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { ConsumerDefinition } from '../../../lib/contracts/define-consumer.ts';
import { deliveryTime } from '../../../lib/contracts/envelope/deliver-at.ts';
import { type Envelope, identityOf } from '../../../lib/contracts/envelope/envelope.ts';
import { createCancellations } from '../../../lib/later/cancellations.ts';
import { createLaterHandler } from '../../../lib/later/create-later-handler.ts';
import { readLaterMessage } from '../../../lib/later/later-message.ts';
import { createSchedules } from '../../../lib/later/schedules.ts';
import { createLaterQueue } from '../../../lib/publishing/topic/later-queue.ts';
import { createTopicPublisher } from '../../../lib/publishing/topic/topic-publisher.ts';
import { processBatch } from '../../../lib/runtime/batch/process-batch.ts';
import type { Handle } from '../../../lib/runtime/handling/handle.ts';
import { putItem } from '../../../lib/runtime/writes/writes.ts';
import { type Chance, createChance } from '../../../lib/testing/simulation/chance.ts';
import { NO_EVENT_DATA, NO_SECRETS } from '../../apps/no-event-data.ts';
import { SimulatedDynamoDB } from '../services/dynamodb/simulated-dynamodb.ts';
import { Invocation, type Troubles } from '../services/invocation.ts';
import { executeSqs } from '../services/queue-commands.ts';
import { type Moment, Scheduler } from '../services/scheduler.ts';
import { type Receipt, SimulatedQueue } from '../services/simulated-queue.ts';
import { SimulatedTopic } from '../services/simulated-topic.ts';
import { CALM } from '../stories/settings.ts';
import { choosePlans, type Plan, Planned, planner, Reminded, receiver, TIMEOUT_MS } from './plans.ts';
import { type QueueName, sqsRecord } from './queues.ts';
import { SimulatedSchedules } from './simulated-schedules.ts';

const START = Date.UTC(2026, 0, 1);
const TROUBLE_MS = 600_000;
const END_MS = 3 * 86_400_000;
const VISIBILITY_MS = 60_000;
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
const QUIET = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** A planner that emits events for later, the queue of these events with its function, and a receiver. */
export class LaterWorld {
  readonly time = new Scheduler(START);
  readonly plans: readonly Plan[];
  /** When and what the topic has taken. */
  readonly published: { readonly at: number; readonly event: Envelope }[] = [];
  /** Every event that has come to the queue of later events, with its key. */
  readonly sent = new Map<string, { readonly event: Envelope; readonly key: string | undefined }>();
  /** When a cancellation was known, and up to which time it holds. */
  readonly cancelled = new Map<string, { readonly until: number; readonly knownAt: number }[]>();
  /** How often the receiver has had its effect, by the id of the event. */
  readonly effects = new Map<string, number>();
  readonly queues: Readonly<Record<QueueName, SimulatedQueue>>;
  readonly dynamodb: SimulatedDynamoDB<Invocation>;
  readonly #chance: Chance;
  readonly #polls = new Map<QueueName, Moment>();
  readonly #schedules: SimulatedSchedules;
  readonly #topic: SimulatedTopic;
  #names = 0;

  constructor(seed: number) {
    const chance = createChance(seed + LATER_SEED);
    this.#chance = chance;
    this.plans = choosePlans(chance);
    this.dynamodb = new SimulatedDynamoDB({
      now: () => this.time.now,
      throttles: () => this.#isTroubled() && chance.happens(0.03),
      holds: () => chance.between(5, 40),
      onChange: ({ table, key }) => {
        if (table === 'effects-receiver') this.effects.set(key, (this.effects.get(key) ?? 0) + 1);
      },
    });
    this.queues = {
      planner: this.#queue('planner'),
      later: this.#queue('later'),
      receiver: this.#queue('receiver'),
    };
    this.#schedules = new SimulatedSchedules({
      chance,
      time: this.time,
      send: (input) => this.#sendLater(input, 0),
    });
    this.#topic = new SimulatedTopic({
      fifo: false,
      refuses: () => this.#isTroubled() && chance.happens(0.05),
      takes: () => 0,
      deliver: ({ body, identity }, event) => {
        this.published.push({ at: this.time.now, event });
        this.queues.receiver.send({ body, identity });
      },
    });
  }

  async run(): Promise<void> {
    for (const { id, sentAfter, ...data } of this.plans) {
      const event = { specversion: '1.0', id, source: '/sim', type: Planned.versionedType, data };
      this.time.after(sentAfter, () =>
        this.queues.planner.send({ body: JSON.stringify(event), identity: id }),
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

  #queue(name: QueueName): SimulatedQueue {
    return new SimulatedQueue({
      chance: this.#chance,
      now: () => this.time.now,
      visibilityTimeoutMs: VISIBILITY_MS,
      maxReceiveCount: 1_000,
      fifo: false,
      duplicates: () => (this.#isTroubled() ? 0.02 : 0),
      onSent: ({ delaySeconds = 0 }) => this.#pollAfter(name, delaySeconds * 1_000 + BUSY_PAUSE_MS),
    });
  }

  #sendLater(body: string, delaySeconds: number): void {
    const message = readLaterMessage(body);
    if ('event' in message) this.sent.set(message.event.id, { event: message.event, key: message.key });
    this.queues.later.send({ body, identity: body, delaySeconds });
  }

  /** Looks for messages now, and again as long as there are any. */
  #poll(name: QueueName): void {
    const queue = this.queues[name];
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
    const { batchItemFailures } = await this.#handle(name, receipts, invocation);
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const { message } of receipts)
      if (!failed.has(message.messageId) && !this.#chance.happens(troubles.lostAnswer))
        this.queues[name].delete(message);
  }

  #handle(name: QueueName, receipts: readonly Receipt[], invocation: Invocation) {
    const records = receipts.map(sqsRecord);
    if (name === 'later')
      return this.#laterHandler(receipts, invocation)(
        { Records: records },
        { getRemainingTimeInMillis: () => TIMEOUT_MS },
      );
    const { definition, handler } = name === 'planner' ? PLANNER : RECEIVER;
    return processBatch(
      {
        definition,
        handlers: new Map([[definition.listensTo[0]?.type ?? '', handler]]),
        idempotencyTable: `records-${name}`,
        queueUrl: name,
        deadLetterQueueUrl: 'dead-letters',
        tables: { effects: `effects-${name}` },
        telemetry: { loggerFor: () => QUIET, begin: () => undefined, report: () => undefined },
        ports: {
          ...this.#ports(name, receipts, invocation),
          later: createLaterQueue({
            queueUrl: 'later',
            clock: invocation.clock,
            random: this.#chance.next,
            sendBatch: (input) => invocation.request({ execute: () => this.#take(input.Entries ?? []) }),
          }),
          eventData: NO_EVENT_DATA,
          getSecret: NO_SECRETS,
          random: this.#chance.next,
          newToken: () => `${invocation.name}-${this.#names++}`,
        },
      },
      records,
      TIMEOUT_MS,
    );
  }

  #take(
    entries: readonly {
      Id: string | undefined;
      MessageBody: string | undefined;
      DelaySeconds?: number | undefined;
    }[],
  ) {
    const refused = new Set(entries.filter(() => this.#isTroubled() && this.#chance.happens(0.05)));
    for (const entry of entries)
      if (!refused.has(entry)) this.#sendLater(entry.MessageBody ?? '', entry.DelaySeconds ?? 0);
    const answer = (all: typeof entries) =>
      all.map(({ Id }) => ({ Id, MessageId: 'm', MD5OfMessageBody: '' }));
    return {
      Successful: answer(entries.filter((entry) => !refused.has(entry))),
      Failed: [...refused].map(({ Id }) => ({ Id, Code: 'InternalError', SenderFault: false })),
    };
  }

  #laterHandler(receipts: readonly Receipt[], invocation: Invocation) {
    return createLaterHandler({
      ...this.#ports('later', receipts, invocation),
      cancellations: createCancellations({
        name: 'cancellations',
        dynamodb: client(invocation, (command) => this.#cancellations(command, invocation)),
      }),
      schedules: createSchedules({
        scheduler: client(invocation, (command) => this.#schedules.execute(command)),
        groupName: 'group',
        roleArn: 'role',
        queueArn: 'later',
        deadLetterQueueArn: 'schedule-dead-letters',
      }),
      queueUrl: 'later',
      deadLetterQueueUrl: 'dead-letters',
      log: QUIET,
    });
  }

  #cancellations(command: unknown, by: Invocation): unknown {
    if (command instanceof BatchGetItemCommand) {
      const keys = command.input.RequestItems?.cancellations?.Keys ?? [];
      const items = this.dynamodb.items('cancellations');
      return {
        Responses: {
          cancellations: keys.map(({ id }) => items.get(id?.S ?? '')).filter((item) => item !== undefined),
        },
      };
    }
    const answer = this.dynamodb.execute(command, by);
    if (command instanceof UpdateItemCommand) {
      const id = command.input.Key?.id?.S ?? '';
      const until = Number(command.input.ExpressionAttributeValues?.[':at']?.N);
      this.cancelled.set(id, [...(this.cancelled.get(id) ?? []), { until, knownAt: this.time.now }]);
    }
    return answer;
  }

  #ports(name: QueueName, receipts: readonly Receipt[], invocation: Invocation) {
    return {
      clock: invocation.clock,
      dynamodb: client<{ send: never }>(invocation, (command) => this.dynamodb.execute(command, invocation)),
      sqs: client<{ send: never }>(invocation, (command) =>
        executeSqs(
          {
            queue: this.queues[name],
            receipts,
            fifo: false,
            refuses: () => this.#isTroubled() && this.#chance.happens(0.03),
            onBuried: () => undefined,
            onStrangeLetter: () => undefined,
          },
          command,
        ),
      ),
      publisher: createTopicPublisher({
        sns: client(invocation, (command) => this.#topic.execute(command)),
        topicArn: 'topic',
        clock: invocation.clock,
        random: this.#chance.next,
      }),
    };
  }
}

/** A client of a simulated service, over the network of one invocation: the ports' send is generic over commands. */
function client<Client>(invocation: Invocation, execute: (command: unknown) => unknown): Client {
  const send = (command: unknown, { abortSignal }: { readonly abortSignal?: AbortSignal } = {}) =>
    invocation.request({ execute: () => execute(command), signal: abortSignal });
  return { send } as Client;
}

interface Subject {
  readonly definition: ConsumerDefinition;
  readonly handler: Handle;
}

const PLANNER: Subject = {
  definition: planner,
  handler: async (event, ctx) => {
    const { what, key, seconds } = event.data as Plan;
    if (what !== 'emit') ctx.cancel(key);
    const emitted =
      what === 'cancel' ? undefined : ctx.emit(Reminded, { plan: event.id }, { in: seconds, key });
    await ctx.commit([putItem(ctx.tables.effects ?? '', { id: event.id, emitted: emitted?.id ?? '' })]);
  },
};

const RECEIVER: Subject = {
  definition: receiver,
  handler: (event, ctx) => ctx.commit([putItem(ctx.tables.effects ?? '', { id: identityOf(event) })]),
};

/** When an event is due. */
export function dueAt(event: Envelope): number {
  return deliveryTime(event) ?? 0;
}
