import type { Chance } from '../../../lib/testing/simulation/chance.ts';
import { withoutReason } from '../stories/replay-work.ts';

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html */
const DEDUPLICATION_MS = 5 * 60_000;

/** What is sent: a body, the event in it, and what a FIFO queue asks for. */
export interface Sent {
  readonly body: string;
  /** `<source>|<id>` of the event in the body, or what a replay repeats of it. */
  readonly identity: string;
  readonly groupId?: string | undefined;
  readonly deduplicationId?: string | undefined;
  /** Before that it cannot be received. @default 0 */
  readonly delaySeconds?: number | undefined;
  /** Message attributes: the replay that has sent it, and a dead letter's reason. */
  readonly attributes?: Readonly<Record<string, string>> | undefined;
}

export interface SimulatedMessage extends Sent {
  readonly messageId: string;
  readonly sentAt: number;
  firstReceivedAt: number | undefined;
  receiveCount: number;
  visibleAt: number;
  deleted: boolean;
}

/** A message as one receive handed it out; the handle is good until the message is received again. */
export interface Receipt {
  readonly handle: string;
  readonly message: SimulatedMessage;
  /** Whether another receipt of the message was still in flight. */
  readonly duplicate: boolean;
}

export interface QueueProps {
  readonly chance: Chance;
  readonly now: () => number;
  readonly visibilityTimeoutMs: number;
  readonly maxReceiveCount: number;
  readonly fifo: boolean;
  /** Probability that a message in flight is handed out once more. */
  readonly duplicates: () => number;
  /** Hears of every message that can be received from now on, those of a redrive too. */
  readonly onSent: (sent: Sent) => void;
}

/** SQS in memory: at least once, in any order (FIFO: in order within a group), with a dead-letter queue. */
export class SimulatedQueue {
  /** Dead letters that a consumer has sent, and those that SQS has moved. */
  readonly deadLetters: SimulatedMessage[] = [];
  /** Those of the dead letters that SQS has moved, received too often. */
  readonly movedBySqs: SimulatedMessage[] = [];
  readonly #props: QueueProps;
  readonly #messages: SimulatedMessage[] = [];
  readonly #seen = new Map<string, number>();
  #handles = 0;

  constructor(props: QueueProps) {
    this.#props = props;
  }

  /** Messages that are neither deleted nor dead. */
  get waiting(): readonly SimulatedMessage[] {
    return this.#messages;
  }

  /** Puts a message in, unless it is a FIFO queue that has had its deduplication id within five minutes. */
  send(sent: Sent): void {
    if (this.#isKnown('queue', sent)) return;
    this.#props.onSent(sent);
    this.#messages.push(this.#create(sent));
  }

  /** Hands out up to `count` messages; those received too often go to the dead-letter queue instead. */
  receive(count: number): Receipt[] {
    const now = this.#props.now();
    const receipts: Receipt[] = [];
    for (const message of this.#deliverable()) {
      if (receipts.length === count) break;
      if (message.receiveCount >= this.#props.maxReceiveCount) {
        this.delete(message);
        this.deadLetters.push(message);
        this.movedBySqs.push(message);
        continue;
      }
      const duplicate = message.visibleAt > now;
      message.receiveCount += 1;
      message.firstReceivedAt ??= now;
      message.visibleAt = now + this.#props.visibilityTimeoutMs;
      receipts.push({ handle: `handle-${this.#handles++}`, message, duplicate });
    }
    return receipts;
  }

  delete(message: SimulatedMessage): void {
    message.deleted = true;
    const index = this.#messages.indexOf(message);
    if (index >= 0) this.#messages.splice(index, 1);
  }

  changeVisibility(message: SimulatedMessage, seconds: number): void {
    if (!message.deleted) message.visibleAt = this.#props.now() + seconds * 1000;
  }

  /** Puts a message into the dead-letter queue, as a consumer does that gives it up. */
  sendDead(sent: Sent): void {
    if (!this.#isKnown('dead letters', sent)) this.deadLetters.push(this.#create(sent));
  }

  /** Brings dead letters back, as a redrive does: under new message ids. */
  redrive(wanted: (letter: SimulatedMessage) => boolean): void {
    for (const letter of this.deadLetters.splice(0)) {
      if (!wanted(letter)) this.deadLetters.push(letter);
      else {
        const { body, identity, groupId, attributes } = letter;
        this.send({ body, identity, groupId, attributes: withoutReason(attributes) });
      }
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

  #create(sent: Sent): SimulatedMessage {
    const messageId = `message-${this.#handles++}`;
    const sentAt = this.#props.now();
    return {
      ...sent,
      messageId,
      sentAt,
      firstReceivedAt: undefined,
      receiveCount: 0,
      visibleAt: sentAt + (sent.delaySeconds ?? 0) * 1_000,
      deleted: false,
    };
  }

  #isKnown(queue: string, { deduplicationId }: Sent): boolean {
    if (!this.#props.fifo || deduplicationId === undefined) return false;
    const now = this.#props.now();
    const key = `${queue} ${deduplicationId}`;
    if (now - (this.#seen.get(key) ?? Number.NEGATIVE_INFINITY) < DEDUPLICATION_MS) return true;
    this.#seen.set(key, now);
    return false;
  }

  #deliverable(): SimulatedMessage[] {
    return this.#props.fifo ? this.#inOrder() : this.#inAnyOrder();
  }

  #inAnyOrder(): SimulatedMessage[] {
    const { chance, now, duplicates } = this.#props;
    const ready = this.#messages.filter(
      ({ visibleAt }) => visibleAt <= now() || chance.happens(duplicates()),
    );
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
}
