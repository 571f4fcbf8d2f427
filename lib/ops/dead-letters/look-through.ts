import { type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { MAX_RECEIVE_MESSAGES } from '../aws-limits.ts';
import type { OpsClients } from '../clients.ts';
import { countMessages } from '../count-messages.ts';
import type { ReceivedDeadLetter } from './dead-letter.ts';
import type { VisitedQueue } from './dead-letter-queue.ts';
import { explainMissingQueue } from './explain-missing-queue.ts';
import { HOLD_SECONDS, Hold } from './hold.ts';
import { readReasons, UNREAD } from './read-reasons.ts';

export interface LookOptions {
  /** Stops after the messages that are being visited. */
  readonly signal?: AbortSignal | undefined;
  /** Gets up to ten dead letters, each message once. It must call `hold.forget` for messages that it deletes. `enough` ends the look. */
  readonly visit: (received: readonly ReceivedDeadLetter[], hold: Hold) => Promise<'enough' | 'next'>;
  readonly onProgress?: ((progress: { readonly seen: number; readonly total: number }) => void) | undefined;
}

/** Result of a look: how many messages were read, and where the others are. */
export interface Look {
  /** `all`: SQS returned no more messages; `enough`: the visitor ended it; `stopped`: the signal ended it. */
  readonly ended: 'all' | 'enough' | 'stopped';
  readonly seen: number;
  /** Messages in the queue: visible, in flight and delayed. SQS counts approximately. */
  readonly total: number;
  /** In flight with another reader. They could not be read; they are visible again when that reader releases them. */
  readonly withOthers: number;
  /** Neither read nor in flight. In a FIFO queue: those behind the first messages of their message group. */
  readonly notHandedOut: number;
  /** Read, but their reasons could not be read: the idempotency table is gone, or there is no permission to read it. */
  readonly unread: number;
}

/** Whether a look reached the end without reading all messages and all reasons. */
export function hasUnseen({ ended, withOthers, notHandedOut, unread }: Look): boolean {
  return ended === 'all' && withOthers + notHandedOut + unread > 0;
}

/** Whether a look has read every message. Then a message that was not read is not in the queue. */
export function isWhole({ ended, withOthers, notHandedOut }: Look): boolean {
  return ended === 'all' && withOthers + notHandedOut === 0;
}

/**
 * Reads a queue of dead letters, ten at a time, each message once. The messages are hidden from other readers meanwhile. Before it returns or
 * throws, all messages that are still in the queue are made visible again. It keeps only ids and receipt handles in memory.
 *
 * In a FIFO queue only the first messages of each message group can be read: SQS hides the rest of a group with them.
 *
 * @throws Error when SQS refuses to receive, or when the visitor throws
 */
export async function lookThrough(
  clients: Pick<OpsClients, 'sqs' | 'dynamodb'>,
  queue: VisitedQueue,
  { signal, visit, onProgress }: LookOptions,
): Promise<Look> {
  const { total } = await countAll(clients, queue);
  const hold = new Hold(clients.sqs, queue.url);
  const seen = new Set<string>();
  let unread = 0;
  const partialLook = (ended: 'enough' | 'stopped'): Look => ({
    ended,
    seen: seen.size,
    total: Math.max(total, seen.size),
    withOthers: 0,
    notHandedOut: 0,
    unread,
  });
  try {
    for await (const messages of receiveAll(clients, queue, { hold, seen })) {
      // The signal does not abort a receive: its messages would stay hidden, without a receipt handle to release them.
      if (signal?.aborted) return partialLook('stopped');
      const received = await readReasons(clients, queue, messages);
      unread += received.filter(({ deadLetter }) => deadLetter.errorName === UNREAD).length;
      const next = await visit(received, hold);
      onProgress?.({ seen: seen.size, total: Math.max(total, seen.size) });
      if (signal?.aborted) return partialLook('stopped');
      if (next === 'enough') return partialLook('enough');
    }
    const counted = { seen: seen.size, held: hold.size, before: total };
    return { ...(await finishedLook(clients, queue, counted)), unread };
  } finally {
    await hold.release();
  }
}

interface Progress {
  readonly hold: Hold;
  /** Ids of all messages that were received so far. */
  readonly seen: Set<string>;
}

async function* receiveAll(
  clients: Pick<OpsClients, 'sqs'>,
  { url }: VisitedQueue,
  { hold, seen }: Progress,
): AsyncGenerator<readonly Message[]> {
  let seenAgain = 0;
  for (;;) {
    const messages = await receive(clients, url);
    hold.add(messages);
    const fresh = messages.filter(({ MessageId = '' }) => !seen.has(MessageId));
    for (const { MessageId = '' } of fresh) seen.add(MessageId);
    seenAgain = fresh.length > 0 ? 0 : seenAgain + messages.length;
    // If the hold could not be renewed in time, the first messages come again. It ends when only such messages come.
    if (messages.length === 0 || seenAgain > seen.size) return;
    if (fresh.length > 0) yield fresh;
  }
}

async function receive({ sqs }: Pick<OpsClients, 'sqs'>, QueueUrl: string): Promise<readonly Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: MAX_RECEIVE_MESSAGES,
      VisibilityTimeout: HOLD_SECONDS,
      // Long polling asks all servers of SQS, so that a few messages are found at once.
      WaitTimeSeconds: 1,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
    }),
  );
  return Messages;
}

interface Counted {
  readonly seen: number;
  /** How many of the seen messages are still in the queue. */
  readonly held: number;
  /** How many messages the queue had before. */
  readonly before: number;
}

/** Called while the messages are still held: other messages in flight are with another reader. */
async function finishedLook(
  clients: Pick<OpsClients, 'sqs'>,
  queue: VisitedQueue,
  { seen, held, before }: Counted,
): Promise<Omit<Look, 'unread'>> {
  const { total: left, inFlight } = await countAll(clients, queue);
  const removed = seen - held;
  // SQS may still count messages that were just deleted.
  const found = removed > 0 ? Math.min(before, left + removed) : left;
  const unseen = Math.max(0, found - seen);
  const withOthers = Math.min(unseen, Math.max(0, inFlight - held));
  return { ended: 'all', seen, total: seen + unseen, withOthers, notHandedOut: unseen - withOthers };
}

async function countAll(clients: Pick<OpsClients, 'sqs'>, { role, url, consumer }: VisitedQueue) {
  const { waiting, inFlight, delayed } = await explainMissingQueue(consumer, role, () =>
    countMessages(clients, url),
  );
  return { total: waiting + inFlight + delayed, inFlight };
}
