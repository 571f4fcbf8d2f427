import { setTimeout as sleep } from 'node:timers/promises';
import type { Message } from '@aws-sdk/client-sqs';
import { MAX_SQS_BATCH_ENTRIES } from '../aws-limits.ts';
import type { OpsClients } from '../clients.ts';
import { countMessages } from '../count-messages.ts';
import type { Whereabouts } from '../fanfare-command.ts';
import { noteOperation } from '../trace/operation-note.ts';
import type { ReceivedDeadLetter } from './dead-letter.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import { explainMissingQueue } from './explain-missing-queue.ts';
import type { Hold } from './hold.ts';
import { type Look, lookThrough } from './look-through.ts';
import { moveAll } from './move-tasks.ts';
import { timeAtQueue } from './queue-clock.ts';
import { createSelector, type Selection, selectsAll } from './selection.ts';
import { type Refusal, sendBack } from './send-back.ts';

export interface RedriveProgress {
  readonly moved: number;
  /** For a selection: number of messages that were read, selected or not. */
  readonly seen?: number | undefined;
  /** Messages in the queue when the redrive began. */
  readonly total: number;
}

export interface RedriveOptions {
  readonly selection: Selection;
  /** The deployment, for the commands that an error advises. */
  readonly where: Whereabouts;
  /** Maximum number of messages a second, 1 to 500. @default - no limit */
  readonly perSecond?: number | undefined;
  /** Stops it; messages that are not moved yet stay. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: RedriveProgress) => void) | undefined;
}

export interface Redriven {
  readonly moved: number;
  /** Number of selected messages that are still dead letters, and of messages that could not be read. */
  readonly left: number;
  /** Messages that SQS did not accept. */
  readonly refused: readonly Refusal[];
  /** Messages that are in both queues now. They are delivered twice, and the consumer detects the duplicates. */
  readonly undeleted: readonly Refusal[];
  /** Named ids that were not found. */
  readonly missing: readonly string[];
  /** Named ids that were found but do not match the rest of the selection. */
  readonly mismatched: readonly string[];
  /** Whether the signal stopped it before its end. */
  readonly stopped: boolean;
  /** Whether the task of SQS was cancelled, by the signal or by somebody else. */
  readonly cancelled: boolean;
  /** The look for a selection; undefined when SQS itself moved all messages. */
  readonly look?: Look | undefined;
}

/**
 * Sends dead letters back to their consumer's queue. When all messages of a dead-letter queue are selected, SQS itself moves them. A part of them,
 * and messages that SNS could not deliver, are moved in batches of ten. Each is sent before it is deleted: if the process stops between the two,
 * a message is delivered twice, which its consumer detects, but none is lost.
 *
 * @throws Error when SQS refuses, or its task fails
 */
export async function redrive(
  clients: OpsClients,
  queue: DeadLetterQueue,
  options: RedriveOptions,
): Promise<Redriven> {
  return queue.role === 'dead-letter queue' && selectsAll(options.selection)
    ? redriveAll(clients, queue, options)
    : redriveSelected(clients, queue, options);
}

async function redriveAll(
  clients: OpsClients,
  { consumer, role, url }: DeadLetterQueue,
  { where, perSecond, signal, onProgress }: RedriveOptions,
): Promise<Redriven> {
  const count = async (): Promise<number> => {
    const { waiting, inFlight, delayed } = await explainMissingQueue(consumer, role, () =>
      countMessages(clients, url),
    );
    return waiting + inFlight + delayed;
  };
  const total = await count();
  const { moved, status } = await moveAll(clients, consumer, {
    where,
    perSecond,
    signal,
    onProgress: (movedSoFar) => onProgress?.({ moved: movedSoFar, total }),
  });
  // Both counts may be a minute old and too high.
  const left = Math.max(0, Math.min(total - moved, await count()));
  const cancelled = status === 'CANCELLED';
  const stopped = cancelled && (signal?.aborted ?? false);
  return { moved, left, refused: [], undeleted: [], missing: [], mismatched: [], stopped, cancelled };
}

async function redriveSelected(
  clients: OpsClients,
  queue: DeadLetterQueue,
  { selection, perSecond, signal, onProgress }: RedriveOptions,
): Promise<Redriven> {
  const startedAt = await explainMissingQueue(queue.consumer, queue.role, () =>
    timeAtQueue(clients, queue.url),
  );
  const selector = createSelector(selection);
  const moved: string[] = [];
  const refused: Refusal[] = [];
  const undeleted: Refusal[] = [];
  let failedAgain = 0;
  const send = async (chosen: readonly ReceivedDeadLetter[], hold: Hold): Promise<void> => {
    for (const part of partsOf(chosen, perSecond)) {
      if (signal?.aborted) return;
      const result = await sendBack(
        clients,
        queue,
        part.map(({ message }) => message),
      );
      moved.push(...result.moved);
      await noteRedriven(clients, queue, part, result.moved);
      refused.push(...result.refused);
      undeleted.push(...result.undeleted);
      hold.forget(result.moved);
      await pause(part.length, perSecond, signal);
    }
  };
  const look = await lookThrough(clients, queue, {
    signal,
    onProgress: ({ seen, total }) => onProgress?.({ moved: moved.length, seen, total }),
    visit: async (received, hold) => {
      const [again, before] = partition(received, ({ message }) => isSentSince(message, startedAt));
      failedAgain += selector.skip(again);
      await send(selector.select(before), hold);
      return selector.isDone ? 'enough' : 'next';
    },
  }).catch((cause: Error) => {
    if (moved.length === 0) throw cause;
    throw new Error(`the redrive failed after ${moved.length} messages: ${cause.message}`, { cause });
  });
  const { missing, mismatched, undecided } = selector;
  const left = refused.length + failedAgain + undecided + look.withOthers + look.notHandedOut;
  return {
    moved: moved.length,
    left,
    refused,
    undeleted,
    missing,
    mismatched,
    stopped: look.ended === 'stopped',
    cancelled: false,
    look,
  };
}

/** Records that messages were sent back, so that traces show it. Messages that SNS could not deliver have no record. */
async function noteRedriven(
  clients: OpsClients,
  { consumer, role }: DeadLetterQueue,
  sent: readonly ReceivedDeadLetter[],
  moved: readonly string[],
): Promise<void> {
  if (role !== 'dead-letter queue') return;
  const deadLetters = sent.flatMap(({ deadLetter }) =>
    moved.includes(deadLetter.messageId) ? deadLetter : [],
  );
  await noteOperation(clients, consumer, deadLetters, 'redriven');
}

/** Whether a message failed again during this redrive. It is not sent again: with a broken consumer the redrive would never end. */
function isSentSince({ Attributes }: Message, startedAt: number): boolean {
  return Number(Attributes?.SentTimestamp) > startedAt;
}

function partition<T>(
  all: readonly T[],
  belongs: (one: T) => boolean,
): readonly [readonly T[], readonly T[]] {
  return [all.filter(belongs), all.filter((one) => !belongs(one))];
}

/** Splits messages into batches of at most ten, and at most as many as one second allows. */
function partsOf<T>(messages: readonly T[], perSecond = MAX_SQS_BATCH_ENTRIES): readonly (readonly T[])[] {
  const size = Math.min(MAX_SQS_BATCH_ENTRIES, perSecond);
  return Array.from({ length: Math.ceil(messages.length / size) }, (_, index) =>
    messages.slice(index * size, (index + 1) * size),
  );
}

async function pause(count: number, perSecond: number | undefined, signal?: AbortSignal): Promise<void> {
  if (perSecond === undefined) return;
  // The abort ends the sleep. Then the redrive stops.
  await sleep((count * 1_000) / perSecond, undefined, { signal }).catch(() => undefined);
}
