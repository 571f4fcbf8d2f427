import { createHash } from 'node:crypto';
import {
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { backoffMilliseconds } from '../../aws/backoff.ts';
import { chunkEntries } from '../../aws/chunk-entries.ts';
import type { Clock } from '../../aws/clock.ts';
import { MESSAGE_BATCH_LIMITS, messageBytes, refusedEntries } from '../../aws/message-batch.ts';
import { replayAttributes } from '../../contracts/delivery/replay.ts';
import { entryOf } from '../../publishing/topic/publish-entry.ts';
import type { ReadEvent } from '../read/read-line.ts';
import { isFifo, type ReplayState } from './replay-state.ts';

const MAX_TRIES = 6;
const PAUSE = { first: 200, longest: 5_000 } as const;

export interface SendPorts {
  readonly sqs: Pick<SQSClient, 'send'>;
  readonly clock: Clock;
  readonly random: () => number;
}

/** Thrown when SQS still does not take events that it would take another time. What was sent before may have arrived. */
export class QueueBusyError extends Error {
  override readonly name = 'QueueBusyError';
}

type Sent = Pick<ReplayState, 'id' | 'queueUrl' | 'mode'>;

/**
 * Sends events to the queue of the consumer: in parallel requests; on a FIFO queue in rounds, each of which has the next event of every
 * message group. So nothing is sent after an event of its group that was not taken.
 *
 * @returns why SQS will never take some of them
 * @throws QueueBusyError after several tries
 * @throws Error of SQS when it refuses a whole request, as without permission
 */
export async function sendEvents(
  ports: SendPorts,
  replay: Sent,
  events: readonly ReadEvent[],
): Promise<readonly string[]> {
  const entries = events.map((event, index) => messageOf(replay, event, index));
  const refused: string[] = [];
  for (const round of isFifo(replay) ? roundsOf(entries) : [entries]) {
    const chunks = chunkEntries(round, messageBytes, MESSAGE_BATCH_LIMITS);
    const answers = await Promise.all(chunks.map((chunk) => sendChunk(ports, replay.queueUrl, chunk)));
    refused.push(...answers.flat());
  }
  return refused;
}

/** The message of an event as the topic delivers it, with what tells the consumer that it is replayed. */
export function messageOf(
  { id, queueUrl, mode }: Sent,
  { archived, event }: ReadEvent,
  index: number,
): SendMessageBatchRequestEntry {
  const fifo = isFifo({ queueUrl });
  const { MessageAttributes, MessageGroupId, MessageDeduplicationId } = entryOf(event, index, fifo);
  return {
    Id: String(index),
    MessageBody: archived.body,
    MessageAttributes: { ...MessageAttributes, ...replayAttributes({ id, mode }) },
    // On a standard queue the whole replay is one tenant, so that it delays itself and no live event.
    // @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
    MessageGroupId: fifo ? MessageGroupId : `replay-${id}`,
    // That of the topic, which also tells other content under the same identity apart; once in each replay.
    ...(fifo && { MessageDeduplicationId: digest(`${id}|${MessageDeduplicationId}`) }),
  };
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function roundsOf(entries: readonly SendMessageBatchRequestEntry[]): SendMessageBatchRequestEntry[][] {
  const rounds: SendMessageBatchRequestEntry[][] = [];
  for (const group of Map.groupBy(entries, ({ MessageGroupId }) => MessageGroupId).values()) {
    for (const [at, entry] of group.entries()) rounds[at] = [...(rounds[at] ?? []), entry];
  }
  return rounds;
}

async function sendChunk(
  { sqs, clock, random }: SendPorts,
  QueueUrl: string,
  chunk: readonly SendMessageBatchRequestEntry[],
): Promise<readonly string[]> {
  const refused: string[] = [];
  let pending = chunk;
  for (let attempt = 1; ; attempt++) {
    const command = new SendMessageBatchCommand({ QueueUrl, Entries: [...pending] });
    const notTaken = refusedEntries(pending, await sqs.send(command));
    for (const entry of pending) {
      const { final, code, reason } = notTaken.get(entry.Id ?? '') ?? {};
      if (final) refused.push(`SQS refused event ${eventIdOf(entry)}: ${code}: ${reason}`);
    }
    pending = pending.filter(({ Id = '' }) => notTaken.get(Id)?.final === false);
    const [first] = pending;
    if (!first) return refused;
    if (attempt === MAX_TRIES) {
      const { code } = notTaken.get(first.Id ?? '') ?? {};
      throw new QueueBusyError(`SQS does not take ${pending.length} events: ${code}`);
    }
    await clock.sleep(backoffMilliseconds(attempt, { ...PAUSE, random }));
  }
}

function eventIdOf({ MessageBody = '{}' }: SendMessageBatchRequestEntry): string {
  return String(JSON.parse(MessageBody).id);
}
