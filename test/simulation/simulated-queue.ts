import type { Chance } from './random.ts';

export interface SimulatedMessage {
  readonly messageId: string;
  readonly body: string;
  readonly groupId: string | undefined;
  receiveCount: number;
  visibleAt: number;
  deleted: boolean;
}

/** A message as one receive handed it out; the handle is good until the message is received again. */
export interface Receipt {
  readonly handle: string;
  readonly message: SimulatedMessage;
}

export interface QueueProps {
  readonly chance: Chance;
  readonly now: () => number;
  readonly visibilityTimeoutMs: number;
  readonly maxReceiveCount: number;
  readonly fifo: boolean;
  /** Probability that a message in flight is handed out once more. */
  readonly duplicates: number;
}

/** SQS in memory: at least once, in any order (FIFO: in order within a group), with a dead-letter queue. */
export class SimulatedQueue {
  readonly deadLetters: SimulatedMessage[] = [];
  readonly #props: QueueProps;
  readonly #messages: SimulatedMessage[] = [];
  #handles = 0;

  constructor(props: QueueProps) {
    this.#props = props;
  }

  /** Messages that are neither deleted nor dead. */
  get waiting(): readonly SimulatedMessage[] {
    return this.#messages;
  }

  send(body: string, groupId?: string): void {
    this.#messages.push(this.#create(body, groupId));
  }

  /** Hands out up to `count` messages; those received too often go to the dead-letter queue instead. */
  receive(count: number): Receipt[] {
    const receipts: Receipt[] = [];
    for (const message of this.#deliverable()) {
      if (receipts.length === count) break;
      if (message.receiveCount >= this.#props.maxReceiveCount) {
        this.#remove(message);
        this.deadLetters.push(message);
        continue;
      }
      message.receiveCount += 1;
      message.visibleAt = this.#props.now() + this.#props.visibilityTimeoutMs;
      receipts.push({ handle: `handle-${this.#handles++}`, message });
    }
    return receipts;
  }

  delete(message: SimulatedMessage): void {
    this.#remove(message);
  }

  changeVisibility(message: SimulatedMessage, seconds: number): void {
    if (!message.deleted) message.visibleAt = this.#props.now() + seconds * 1000;
  }

  /** Puts a message into the dead-letter queue, as a consumer does that gives it up. */
  bury(body: string, groupId: string | undefined): void {
    this.deadLetters.push(this.#create(body, groupId));
  }

  /** Brings dead letters back, as a redrive does: under new message ids. */
  redrive(wanted: (body: string) => boolean): void {
    for (const letter of this.deadLetters.splice(0)) {
      if (wanted(letter.body)) this.send(letter.body, letter.groupId);
      else this.deadLetters.push(letter);
    }
  }

  /** When the next message becomes visible, or undefined when none waits. */
  get nextVisibleAt(): number | undefined {
    if (this.#messages.length === 0) return undefined;
    return this.#messages.reduce(
      (soonest, { visibleAt }) => Math.min(soonest, visibleAt),
      Number.POSITIVE_INFINITY,
    );
  }

  #create(body: string, groupId: string | undefined): SimulatedMessage {
    const messageId = `message-${this.#handles++}`;
    return { messageId, body, groupId, receiveCount: 0, visibleAt: this.#props.now(), deleted: false };
  }

  #deliverable(): SimulatedMessage[] {
    return this.#props.fifo ? this.#inOrder() : this.#inAnyOrder();
  }

  #inAnyOrder(): SimulatedMessage[] {
    const { chance, now, duplicates } = this.#props;
    const ready = this.#messages.filter(({ visibleAt }) => visibleAt <= now() || chance.happens(duplicates));
    for (let last = ready.length - 1; last > 0; last--) {
      const other = chance.below(last + 1);
      const [a, b] = [ready[last], ready[other]];
      if (a && b) [ready[last], ready[other]] = [b, a];
    }
    return ready;
  }

  /** A group with a message in flight is locked; of the others, whatever is next in line. */
  #inOrder(): SimulatedMessage[] {
    const now = this.#props.now();
    const locked = new Set<string | undefined>();
    for (const { groupId, visibleAt } of this.#messages) if (visibleAt > now) locked.add(groupId);
    return this.#messages.filter(({ groupId }) => !locked.has(groupId));
  }

  #remove(message: SimulatedMessage): void {
    message.deleted = true;
    const index = this.#messages.indexOf(message);
    if (index >= 0) this.#messages.splice(index, 1);
  }
}
