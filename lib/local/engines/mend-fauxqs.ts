import type { BuildAppOptions } from 'fauxqs';

type SqsStore = NonNullable<BuildAppOptions['stores']>['sqsStore'];
export type Queue = NonNullable<ReturnType<SqsStore['getQueue']>>;
type Message = Parameters<Queue['enqueue']>[0];

/** What fauxqs keeps its messages with. */
export interface Persistence {
  load(sqs: SqsStore, ...others: readonly object[]): void;
  updateMessageReady(messageId: string): void;
  close(): void;
  readonly db: { prepare(statement: string): { run(...values: string[]): unknown } };
}

// What these work around is listed in docs/engines.md, with the versions in which it was seen.

/**
 * When a message is made visible at once, fauxqs 2.4.1 forgets its receive count, which its own schema forbids: the call
 * fails and the message is gone.
 */
export function keepReceiveCounts(persistence: Persistence): Persistence {
  const makeReady = persistence.db.prepare(
    'UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL WHERE message_id = ?',
  );
  return Object.assign(persistence, {
    updateMessageReady: (messageId: string) => void makeReady.run(messageId),
  });
}

/**
 * fauxqs 2.4.1 looks for forbidden characters among UTF-16 halves, and so refuses all beyond U+FFFF, such as an emoji, in what is sent to
 * a queue. SQS takes them, and refuses halves that stand alone.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export function takeWholeCharacters(invalid: RegExp): void {
  const whole = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
  Object.assign(invalid, { test: (text: string) => whole.test(text) });
}

/**
 * fauxqs 2.4.1 does not note from which queue it has moved a message to a dead-letter queue.
 *
 * @returns the ARN of that queue, by the message; call it before queues are made or loaded
 */
export function noteOrigins(store: SqsStore): WeakMap<Message, string> {
  const origins = new WeakMap<Message, string>();
  const createQueue = store.createQueue.bind(store);
  store.createQueue = (...about) => {
    const queue = createQueue(...about);
    const dequeue = queue.dequeue.bind(queue);
    queue.dequeue = (count, timeout, resolve) =>
      dequeue(count, timeout, (arn) => {
        const deadLetterQueue = resolve?.(arn);
        return deadLetterQueue && noting(deadLetterQueue, (message) => origins.set(message, queue.arn));
      });
    return queue;
  };
  return origins;
}

function noting(queue: Queue, note: (message: Message) => void): Queue {
  const enqueue = (message: Message): void => {
    note(message);
    queue.enqueue(message);
  };
  return Object.create(queue, { enqueue: { value: enqueue } });
}
