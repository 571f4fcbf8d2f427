import type { BuildAppOptions } from 'fauxqs';

type SqsStore = NonNullable<BuildAppOptions['stores']>['sqsStore'];
export type Queue = NonNullable<ReturnType<SqsStore['getQueue']>>;
type Message = Parameters<Queue['enqueue']>[0];

/** The part of fauxqs that keeps messages on disk. */
export interface Persistence {
  load(sqs: SqsStore, ...others: readonly object[]): void;
  updateMessageReady(messageId: string): void;
  deleteMessage(messageId: string): void;
  close(): void;
  readonly db: { prepare(statement: string): { run(...values: string[]): unknown } };
}

// lib/local/README.md lists the faults of fauxqs that are repaired here, with the version that has them.

/**
 * Keeps the receive count of a message whose visibility timeout is set to 0. fauxqs 2.4.1 writes NULL, which its own schema forbids: the call
 * fails and the message is lost.
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
 * Moves a message to a dead-letter queue in one step, so that it is on disk in one of the two queues whenever the process dies. fauxqs 2.4.1
 * deletes the message, and then inserts it again. The insert alone moves it: it replaces the row of this message.
 *
 * @param moves of the store that this persistence is for
 */
export function moveInOneStep(
  persistence: Persistence,
  moves: Pick<DeadLetterMoves, 'underWay'>,
): Persistence {
  const deleteMessage = persistence.deleteMessage.bind(persistence);
  return Object.assign(persistence, {
    deleteMessage: (messageId: string) => {
      if (!moves.underWay()) deleteMessage(messageId);
    },
  });
}

/**
 * Makes fauxqs accept the characters that SQS accepts. fauxqs 2.4.1 checks UTF-16 code units, so it refuses every character above U+FFFF, such
 * as an emoji. SQS accepts those, and refuses only lone surrogates.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export function acceptAllCharacters(invalid: RegExp): void {
  const invalidCharacter = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
  Object.assign(invalid, { test: (text: string) => invalidCharacter.test(text) });
}

/** The moves of messages to dead-letter queues. */
export interface DeadLetterMoves {
  /** The ARN of the queue from which a message was moved. */
  readonly origins: WeakMap<Message, string>;
  /** Whether fauxqs is between taking a message out of its queue and adding it to the dead-letter queue. */
  readonly underWay: () => boolean;
}

/**
 * Records from which queue a message was moved to a dead-letter queue, which fauxqs 2.4.1 does not. Call it before queues are created or loaded.
 */
export function recordMoves(store: SqsStore): DeadLetterMoves {
  const origins = new WeakMap<Message, string>();
  let underWay = false;
  const createQueue = store.createQueue.bind(store);
  store.createQueue = (...parameters) => {
    const queue = createQueue(...parameters);
    const dequeue = queue.dequeue.bind(queue);
    queue.dequeue = (count, timeout, resolve) =>
      dequeue(count, timeout, (arn) => {
        const deadLetterQueue = resolve?.(arn);
        // fauxqs asks for the dead-letter queue once it has to move a message, and then moves it before anything else happens.
        underWay = deadLetterQueue !== undefined;
        return (
          deadLetterQueue &&
          recordingQueue(deadLetterQueue, (message) => {
            underWay = false;
            origins.set(message, queue.arn);
          })
        );
      });
    return queue;
  };
  return { origins, underWay: () => underWay };
}

/** The queue, with a callback before each message is added. */
function recordingQueue(queue: Queue, onMessage: (message: Message) => void): Queue {
  const enqueue = (message: Message): void => {
    onMessage(message);
    queue.enqueue(message);
  };
  return Object.create(queue, { enqueue: { value: enqueue } });
}
