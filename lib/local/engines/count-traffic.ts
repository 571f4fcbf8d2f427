import type { BuildAppOptions } from 'fauxqs';
import { METRIC_PERIOD_MS } from '../aws-limits.ts';
import type { Queue } from './repair-fauxqs.ts';

type SqsStore = NonNullable<BuildAppOptions['stores']>['sqsStore'];

/** How many messages were sent to a queue and deleted from it in the last minute. */
export interface Traffic {
  readonly sent: number;
  readonly deleted: number;
}

const WINDOW_SECONDS = METRIC_PERIOD_MS / 1_000;

/**
 * Counts the messages sent to each queue and deleted from it, which fauxqs does not count. A message that SQS moves to a dead-letter queue
 * counts as sent there. Call it before queues are created or loaded.
 *
 * @returns a function that returns the traffic of a queue
 */
export function countTraffic(store: SqsStore): (queue: Queue) => Traffic {
  const counters = new WeakMap<Queue, { readonly sent: RecentCount; readonly deleted: RecentCount }>();
  const createQueue = store.createQueue.bind(store);
  store.createQueue = (...parameters) => {
    const queue = createQueue(...parameters);
    const counted = { sent: new RecentCount(), deleted: new RecentCount() };
    counters.set(queue, counted);
    const enqueue = queue.enqueue.bind(queue);
    queue.enqueue = (message) => {
      counted.sent.add();
      enqueue(message);
    };
    const deleteMessage = queue.deleteMessage.bind(queue);
    queue.deleteMessage = (receiptHandle) => {
      const deleted = deleteMessage(receiptHandle);
      if (deleted) counted.deleted.add();
      return deleted;
    };
    return queue;
  };
  return (queue) => {
    const counted = counters.get(queue);
    return { sent: counted?.sent.total ?? 0, deleted: counted?.deleted.total ?? 0 };
  };
}

/** Counts per second, and sums the last minute. */
class RecentCount {
  readonly #seconds = new Map<number, number>();

  add(): void {
    const second = Math.floor(Date.now() / 1_000);
    this.#seconds.set(second, (this.#seconds.get(second) ?? 0) + 1);
    this.#removeOld(second);
  }

  get total(): number {
    this.#removeOld(Math.floor(Date.now() / 1_000));
    return [...this.#seconds.values()].reduce((sum, count) => sum + count, 0);
  }

  #removeOld(now: number): void {
    for (const second of this.#seconds.keys()) {
      if (second > now - WINDOW_SECONDS) return;
      this.#seconds.delete(second);
    }
  }
}
