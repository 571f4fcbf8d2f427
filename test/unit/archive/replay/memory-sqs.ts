import {
  ChangeMessageVisibilityCommand,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';

/** SQS drops what is sent again under a deduplication id for so long. */
const DEDUPLICATION_MS = 300_000;

/** A message of the replay queue. */
export interface QueuedMessage {
  readonly id: string;
  readonly body: string;
  readonly group: string;
  receives: number;
  /** Until when nobody else gets it, nor what comes after it in its group. */
  hiddenUntil: number;
}

/** An entry that arrived at the queue of the consumer. */
export interface Delivered {
  readonly entry: SendMessageBatchRequestEntry;
  readonly at: number;
}

/**
 * The two queues of a replay, in memory, with what SQS promises of a FIFO queue: the order of groups, a message in flight that holds back its
 * group, and deduplication. So time can be jumped over, and a test has thousands of crashes in seconds.
 */
export class MemorySqs {
  readonly queueUrl: string;
  readonly replayQueueUrl = 'https://sqs/1/replay.fifo';
  readonly delivered: Delivered[] = [];
  readonly deadLetters: QueuedMessage[] = [];
  #messages: QueuedMessage[] = [];
  #sent = 0;
  readonly #seen = new Map<string, number>();
  readonly #now: () => number;

  constructor({ fifo, now }: { readonly fifo: boolean; readonly now: () => number }) {
    this.queueUrl = fifo ? 'https://sqs/1/keeper.fifo' : 'https://sqs/1/keeper';
    this.#now = now;
  }

  get isEmpty(): boolean {
    return this.#messages.length === 0;
  }

  /** When the next message can be received, if all are hidden now. */
  get nextVisible(): number {
    return Math.min(...this.#firstOfGroups().map(({ hiddenUntil }) => hiddenUntil));
  }

  async send(command: unknown): Promise<object> {
    if (command instanceof SendMessageBatchCommand) {
      for (const entry of command.input.Entries ?? []) {
        const unique = entry.MessageDeduplicationId;
        if (unique === undefined || this.#isNew(`batch ${unique}`))
          this.delivered.push({ entry, at: this.#now() });
      }
      return { Successful: (command.input.Entries ?? []).map(({ Id }) => ({ Id })) };
    }
    if (command instanceof SendMessageCommand) {
      const { MessageBody = '', MessageGroupId = '', MessageDeduplicationId = '' } = command.input;
      if (this.#isNew(MessageDeduplicationId)) this.#enqueue(MessageBody, MessageGroupId);
    } else if (command instanceof ChangeMessageVisibilityCommand) {
      const { ReceiptHandle, VisibilityTimeout = 0 } = command.input;
      const message = this.#messages.find(({ id }) => id === ReceiptHandle);
      if (message) message.hiddenUntil = this.#now() + VisibilityTimeout * 1_000;
    } else throw new TypeError('the queues in memory do not know this command');
    return {};
  }

  /** The next message that may be received, chosen among the groups. @param maxReceives then it goes to the dead letters */
  receive(
    choose: (count: number) => number,
    { visibilityMs, maxReceives }: { readonly visibilityMs: number; readonly maxReceives: number },
  ): QueuedMessage | undefined {
    for (;;) {
      const visible = this.#firstOfGroups().filter(({ hiddenUntil }) => hiddenUntil <= this.#now());
      const message = visible[choose(visible.length)];
      if (!message) return undefined;
      if (message.receives < maxReceives) {
        message.receives += 1;
        message.hiddenUntil = this.#now() + visibilityMs;
        return message;
      }
      this.remove(message);
      this.deadLetters.push(message);
    }
  }

  remove(message: QueuedMessage): void {
    this.#messages = this.#messages.filter((one) => one !== message);
  }

  #firstOfGroups(): QueuedMessage[] {
    const groups = Map.groupBy(this.#messages, ({ group }) => group);
    return [...groups.values()].flatMap(([one]) => one ?? []);
  }

  #enqueue(body: string, group: string): void {
    this.#messages.push({ id: String(this.#sent++), body, group, receives: 0, hiddenUntil: 0 });
  }

  #isNew(unique: string): boolean {
    const at = this.#seen.get(unique) ?? Number.NEGATIVE_INFINITY;
    if (this.#now() - at < DEDUPLICATION_MS) return false;
    this.#seen.set(unique, this.#now());
    return true;
  }
}
