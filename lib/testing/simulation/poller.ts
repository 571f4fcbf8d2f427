import { Invocation } from '../process/invocation.ts';
import { invoke } from '../world/invoke.ts';
import type { Message } from '../world/message.ts';
import type { Report } from '../world/world.ts';
import { shuffled } from './chance.ts';
import type { RunParts } from './run-parts.ts';

/** Messages of one invocation at most: enough for handlers to run side by side. */
const BATCH = 3;
const SHORTEST_PAUSE_MS = 20;
/** SQS's visibility timeout is six times the function's, as the constructs set it. */
const VISIBILITY_FACTOR = 6;

export interface PollerProps extends RunParts {
  /** Told of each message that is done, or dead. */
  readonly onDone: (body: string) => void;
}

/** One poller of the queue: it hands batches to invocations, in any order, and sleeps while the queue is empty. */
export class Poller {
  deliveries = 0;
  crashes = 0;
  readonly #props: PollerProps;
  #asleep = true;

  constructor(props: PollerProps) {
    this.#props = props;
  }

  wake(): void {
    if (!this.#asleep) return;
    this.#asleep = false;
    this.#later(0);
  }

  #later(milliseconds: number): void {
    const { world, chance, faultless } = this.#props;
    const jitter = faultless ? 0 : chance.between(0, SHORTEST_PAUSE_MS);
    world.scheduler.after(milliseconds + jitter, () => this.#poll());
  }

  #poll(): void {
    const { world } = this.#props;
    const waiting = world.messages.filter(({ deleted }) => !deleted);
    if (waiting.length === 0) {
      this.#asleep = true;
      return;
    }
    const batch = this.#receive(waiting);
    if (batch.length === 0) {
      const next = Math.min(...waiting.map(({ visibleAt }) => visibleAt));
      this.#later(Math.max(SHORTEST_PAUSE_MS, next - world.scheduler.now));
      return;
    }
    void this.#invoke(batch).then(() => this.#later(SHORTEST_PAUSE_MS));
  }

  /** At least once, in any order: now and then a message that is in flight comes once more. */
  #receive(waiting: readonly Message[]): readonly Message[] {
    const { world, chance, faults, faultless } = this.#props;
    const { now } = world.scheduler;
    const ready = waiting.filter(({ visibleAt }) => visibleAt <= now || faults.strike(0.05));
    return faultless ? ready.slice(0, 1) : shuffled(ready, chance).slice(0, 1 + chance.below(BATCH));
  }

  /** Resolves when the invocation is over, however it ends. */
  async #invoke(messages: readonly Message[]): Promise<void> {
    const { world, faults, timeline } = this.#props;
    const { scheduler, definition } = world;
    const remainingMs = definition.timeoutSeconds * 1000;
    const name = world.newName('invocation');
    const invocation: Invocation = new Invocation({
      name,
      scheduler,
      disturb: faults.disturb,
      onCall: (call, disturbance, outcome) => timeline.addCall(name, call, disturbance, outcome),
    });
    for (const message of messages) message.visibleAt = scheduler.now + remainingMs * VISIBILITY_FACTOR;
    this.deliveries += messages.length;
    timeline.add(`${name} gets ${messages.map((message) => describe(message)).join(' and ')}`);
    const reasons = new Map<string, string>();
    const onReport = (report: Report): void => noteReasons(report, reasons);
    const answer = invoke({ world, invocation, messages, onReport }, remainingMs);
    const end = Promise.withResolvers<'over'>();
    scheduler.after(remainingMs, () => end.resolve('over'));
    const result = await Promise.race([answer, end.promise]);
    if (result === 'over') {
      if (invocation.dead) this.crashes += 1;
      // A process that stands still is ended when it is found out; one that answered late goes on.
      invocation.dead = true;
      timeline.add(`${name} has given no answer: its messages come again`);
      return;
    }
    const failed = new Set(result.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const message of messages) {
      const why = reasons.get(message.messageId);
      const what = `${idOf(message)}${why ? ` (${why})` : ''}`;
      if (failed.has(message.messageId)) timeline.add(`${name} gives ${what} back to the queue`);
      else this.#acknowledge(message, `${name} is done with ${what}`);
    }
  }

  #acknowledge(message: Message, line: string): void {
    const { faults, timeline, onDone } = this.#props;
    onDone(message.body);
    message.deleted = !faults.strike(0.05);
    timeline.add(message.deleted ? line : `${line}, and SQS LOSES THE DELETE`);
  }
}

/** Why messages are not simply done, by their ids: what the runtime says of their events. */
function noteReasons({ items, unreadable }: Report, reasons: Map<string, string>): void {
  for (const { records, outcome } of items) {
    if (!outcome || outcome.status === 'completed') continue;
    const why = 'error' in outcome ? `${outcome.status}: ${outcome.error.message}` : outcome.status;
    for (const { messageId } of records) reasons.set(messageId, why);
  }
  for (const { record, error } of unreadable) reasons.set(record.messageId, `unreadable: ${error.message}`);
}

function describe(message: Message): string {
  const again = message.receiveCount > 0 ? ` (delivery ${message.receiveCount + 1})` : '';
  return `${idOf(message)}${again}`;
}

function idOf({ body }: Message): string {
  const { id }: { readonly id: string } = JSON.parse(body);
  return id;
}
