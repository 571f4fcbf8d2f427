import { ChangeMessageVisibilityBatchCommand, type Message, type SQSClient } from '@aws-sdk/client-sqs';
import { MAX_SQS_BATCH_ENTRIES } from '../aws-limits.ts';
import { inParallel } from '../in-parallel.ts';

/**
 * Time for which a read message is hidden from others; it is renewed while it is needed. When a process is killed, its messages are visible
 * again after this time. It is long enough to renew 10,000 messages, a thousand requests, in half of it.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
 */
export const HOLD_SECONDS = 60;
const RENEW_BEFORE_MS = (HOLD_SECONDS / 2) * 1_000;
const RENEW_EVERY_MS = 10_000;
const REQUESTS_AT_ONCE = 8;

interface Held {
  readonly messageId: string;
  readonly receiptHandle: string;
  /** Epoch milliseconds. */
  readonly hiddenUntil: number;
}

/** The messages of a queue that are hidden from other readers while they are used. It keeps only the id and the receipt handle of each. */
export class Hold {
  readonly #sqs: SQSClient;
  readonly #queueUrl: string;
  readonly #held = new Map<string, Held>();
  readonly #timer: NodeJS.Timeout;
  #renewing: Promise<unknown> = Promise.resolve();

  constructor(sqs: SQSClient, queueUrl: string) {
    this.#sqs = sqs;
    this.#queueUrl = queueUrl;
    this.#timer = setInterval(() => {
      this.#renewing = this.#renewing.then(() => this.#renew());
    }, RENEW_EVERY_MS);
    this.#timer.unref();
  }

  /** Number of held messages. */
  get size(): number {
    return this.#held.size;
  }

  /** Adds messages that were just received. A message that is held already gets its new receipt handle. */
  add(messages: readonly Message[]): void {
    const hiddenUntil = Date.now() + HOLD_SECONDS * 1_000;
    for (const { MessageId: messageId = '', ReceiptHandle: receiptHandle = '' } of messages)
      this.#held.set(messageId, { messageId, receiptHandle, hiddenUntil });
  }

  /** Removes messages that were deleted from the queue. */
  forget(messageIds: Iterable<string>): void {
    for (const id of messageIds) this.#held.delete(id);
  }

  /** Makes all messages but one visible again. */
  async releaseAllBut(messageId: string): Promise<void> {
    await this.#makeVisible([...this.#held.values()].filter((held) => held.messageId !== messageId));
  }

  /** Makes all messages visible again. If SQS refuses one, it becomes visible after its timeout. Never rejects. */
  async release(): Promise<void> {
    clearInterval(this.#timer);
    await this.#makeVisible([...this.#held.values()]);
  }

  async #makeVisible(messages: readonly Held[]): Promise<void> {
    this.forget(messages.map(({ messageId }) => messageId));
    // A running renewal would hide them again, so it has to end first.
    await this.#renewing;
    await this.#setVisibility(messages, 0);
  }

  async #renew(): Promise<void> {
    const soon = Date.now() + RENEW_BEFORE_MS;
    const due = [...this.#held.values()].filter(({ hiddenUntil }) => hiddenUntil < soon);
    const hiddenUntil = Date.now() + HOLD_SECONDS * 1_000;
    for (const held of await this.#setVisibility(due, HOLD_SECONDS)) {
      // A message that was deleted meanwhile is no longer held.
      if (this.#held.get(held.messageId) === held) this.#held.set(held.messageId, { ...held, hiddenUntil });
    }
  }

  /** @returns the messages whose visibility SQS has changed */
  async #setVisibility(messages: readonly Held[], VisibilityTimeout: number): Promise<readonly Held[]> {
    const done: Held[] = [];
    const size = MAX_SQS_BATCH_ENTRIES;
    const batches = Array.from({ length: Math.ceil(messages.length / size) }, (_, index) =>
      messages.slice(index * size, (index + 1) * size),
    );
    await inParallel(batches, REQUESTS_AT_ONCE, async (batch) => {
      const Entries = batch.map(({ receiptHandle: ReceiptHandle }, index) => ({
        Id: String(index),
        ReceiptHandle,
        VisibilityTimeout,
      }));
      try {
        const { Successful = [] } = await this.#sqs.send(
          new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.#queueUrl, Entries }),
        );
        done.push(...Successful.flatMap(({ Id }) => batch[Number(Id)] ?? []));
      } catch {
        // The other batches are still sent. The messages of this one become visible after their timeout.
      }
    });
    return done;
  }
}
