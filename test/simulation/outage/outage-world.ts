import { breakerOf } from '../../../lib/contracts/delivery/breaker.ts';
import type { IntakeState } from '../../../lib/intake/intake-state.ts';
import type { IntakeTable } from '../../../lib/intake/intake-table.ts';
import { createBreaker } from '../../../lib/runtime/breaker/breaker.ts';
import type { Breaker } from '../../../lib/runtime/breaker/process-breaker.ts';
import { type Chance, createChance } from '../../../lib/testing/simulation/chance.ts';
import { SimulatedDynamoDB } from '../services/dynamodb/simulated-dynamodb.ts';
import { Invocation } from '../services/invocation.ts';
import { Scheduler } from '../services/scheduler.ts';
import { type Receipt, SimulatedQueue } from '../services/simulated-queue.ts';
import { CALM } from '../stories/settings.ts';
import { controllerOf } from './controller-of.ts';
import {
  BATCH,
  chooseOutage,
  Due,
  EVENTS_END,
  endOf,
  isDownAt,
  type OutageSettings,
  POLLERS,
  payer,
  START,
  TIMEOUT_MS,
} from './outage-story.ts';
import { runPayer } from './run-payer.ts';
import { SimulatedMapping } from './simulated-mapping.ts';

const CONSUMER_VISIBILITY_MS = 60_000;
const CONTROL_VISIBILITY_MS = 960_000;
const POLL_MS = 1_000;
/** A poller that has received nothing has waited for it. */
const EMPTY_POLL_MS = 5_000;
const CONTROL_TIMEOUT_MS = 900_000;
const POISON = 7;

/** A consumer, the bank that it calls, and the controller that stops it. */
export class OutageWorld {
  readonly chance: Chance;
  readonly settings: OutageSettings;
  readonly scheduler = new Scheduler(START);
  readonly dynamodb: SimulatedDynamoDB<Invocation>;
  readonly queue: SimulatedQueue;
  readonly control: SimulatedQueue;
  readonly mapping: SimulatedMapping;
  readonly definition: ReturnType<typeof payer>;
  state: IntakeState | undefined;
  /** Numbers of the events that the bank has paid, in order. */
  readonly paid: number[] = [];
  sent = 0;
  callsWhileDown = 0;
  trips = 0;
  /** The highest number of an attempt that a handler has seen. */
  highestAttempt = 0;
  readonly #breakers: (Breaker | undefined)[] = [];
  #names = 0;

  constructor(seed: number) {
    this.chance = createChance(seed);
    this.settings = chooseOutage(this.chance);
    this.definition = payer(this.settings);
    const { now, chance, scheduler } = this;
    this.mapping = new SimulatedMapping(scheduler, chance);
    this.dynamodb = new SimulatedDynamoDB({
      now,
      throttles: () => false,
      holds: () => 5,
      onChange: () => undefined,
    });
    const common = { chance, now, duplicates: () => 0, onSent: () => undefined };
    this.queue = new SimulatedQueue({
      ...common,
      fifo: this.settings.fifo,
      visibilityTimeoutMs: CONSUMER_VISIBILITY_MS,
      maxReceiveCount: 1_000,
    });
    this.control = new SimulatedQueue({
      ...common,
      fifo: true,
      visibilityTimeoutMs: CONTROL_VISIBILITY_MS,
      maxReceiveCount: Number.POSITIVE_INFINITY,
    });
  }

  readonly now = (): number => this.scheduler.now;

  get isDown(): boolean {
    return isDownAt(this.settings, this.now());
  }

  isPoison(n: number): boolean {
    return this.settings.poison !== 'none' && n === POISON;
  }

  newToken(): string {
    return `t${this.#names++}`;
  }

  /** A process that may die. @param isCalm whether it lives anyhow */
  newInvocation(): Invocation {
    const { scheduler, chance, settings } = this;
    const troubles = this.now() > EVENTS_END ? CALM : { ...CALM, death: settings.death };
    return new Invocation(`i${this.#names++}`, { scheduler, chance, troubles, maxSkewMs: 0 });
  }

  /** The table of intakes. Conditional writes, as DynamoDB does them. */
  readonly table: IntakeTable = {
    read: async () => this.state,
    all: async () => [],
    change: async (before, after) => {
      if (this.state?.version !== before?.version) return undefined;
      this.state = { ...after, version: (before?.version ?? 0) + 1 };
      if (this.state.intake === 'tripped' && before?.intake !== 'tripped') this.trips += 1;
      return this.state;
    },
  };

  /** The breaker of one process, over the network of one invocation. A process that has died has left none. */
  breakerOf(slot: number, invocation: Invocation): Breaker {
    const wire = { current: invocation };
    const policy = breakerOf(this.definition);
    if (!policy) throw new Error('the consumer of this story has a breaker');
    this.#breakers[slot] ??= createBreaker({
      policy,
      maxAttempts: this.definition.retry.maxAttempts,
      timeoutSeconds: this.definition.timeoutSeconds,
      places: {
        consumer: 'payer',
        functionName: 'payer',
        queueUrl: 'q',
        controlQueueUrl: 'c',
        intakeTable: 't',
      },
      ports: {
        readState: () => wire.current.request({ execute: () => this.state }),
        sendTrip: (message) =>
          wire.current.request({
            execute: () =>
              this.control.send({
                body: JSON.stringify(message),
                identity: 'trip',
                groupId: 'payer',
                deduplicationId: `payer ${message.version}`,
              }),
          }),
      },
      clock: { now: this.now, sleep: (ms) => wire.current.clock.sleep(ms) },
      log: () => undefined,
    });
    // The breaker lives on in the next invocation of its process; that is what makes its requests then.
    this.#wires[slot] ??= wire;
    const kept = this.#wires[slot];
    if (kept) kept.current = invocation;
    return this.#breakers[slot];
  }

  readonly #wires: ({ current: Invocation } | undefined)[] = [];

  forgetProcess(slot: number): void {
    this.#breakers[slot] = undefined;
    this.#wires[slot] = undefined;
  }

  async run(): Promise<void> {
    this.#sendNext();
    for (let slot = 0; slot < POLLERS; slot++) this.#poll(slot);
    this.#runController();
    await this.scheduler.run(endOf(this.settings), () => false);
  }

  #sendNext(): void {
    const n = this.sent++;
    const event = { specversion: '1.0', id: `e-${n}`, source: '/sim', type: Due.versionedType, data: { n } };
    this.queue.send({
      body: JSON.stringify(event),
      identity: `/sim|e-${n}`,
      groupId: `g-${n % this.settings.groups}`,
      deduplicationId: `e-${n}`,
    });
    if (this.now() + this.settings.everyMs < EVENTS_END)
      this.scheduler.after(this.settings.everyMs, () => this.#sendNext());
  }

  #poll(slot: number): void {
    const receipts = this.mapping.on ? this.queue.receive(BATCH) : [];
    const over = receipts.length > 0 ? this.#invoke(slot, receipts) : Promise.resolve();
    const pauseMs = receipts.length > 0 ? POLL_MS : EMPTY_POLL_MS;
    void over.then(() => this.scheduler.after(pauseMs, () => this.#poll(slot)));
  }

  async #invoke(slot: number, receipts: readonly Receipt[]): Promise<void> {
    const invocation = this.newInvocation();
    const gate = this.breakerOf(slot, invocation).gate();
    const answer = runPayer(this, { receipts, invocation, gate }).then(({ kept }) => {
      for (const { message } of receipts) if (!kept.has(message.messageId)) this.queue.delete(message);
      return true;
    });
    const ended = await Promise.race([answer, this.scheduler.sleep(TIMEOUT_MS)]);
    if (ended !== true || invocation.dead) this.forgetProcess(slot);
    invocation.dead = true;
    // Lambda gives a process up now and then.
    if (this.chance.happens(0.02)) this.forgetProcess(slot);
  }

  #runController(): void {
    const [receipt] = this.control.receive(1);
    const over = receipt ? this.#control(receipt) : Promise.resolve();
    void over.then(() =>
      this.scheduler.after(receipt ? POLL_MS : EMPTY_POLL_MS, () => this.#runController()),
    );
  }

  async #control({ handle, message }: Receipt): Promise<void> {
    const invocation = this.newInvocation();
    const controller = controllerOf(this, invocation, message);
    const attributes = { SentTimestamp: String(message.sentAt) };
    const record = { messageId: message.messageId, receiptHandle: handle, body: message.body, attributes };
    const answer = controller({ Records: [record] }).then(
      ({ batchItemFailures }) => {
        if (batchItemFailures.length === 0) this.control.delete(message);
      },
      () => undefined,
    );
    const died = new Promise<void>((resolve) => {
      const look = (): void => {
        if (invocation.dead) resolve();
        else this.scheduler.after(POLL_MS, look);
      };
      look();
    });
    await Promise.race([answer, died, this.scheduler.sleep(CONTROL_TIMEOUT_MS)]);
    invocation.dead = true;
  }
}
