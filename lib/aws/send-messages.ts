import {
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { chunkEntries } from './chunk-entries.ts';
import { MESSAGE_BATCH_LIMITS, messageBytes, refusedEntries } from './message-batch.ts';
import { untilAborted } from './until-aborted.ts';

/** A queue to which messages are sent. */
export interface SendTarget {
  readonly sqs: Pick<SQSClient, 'send'>;
  readonly queueUrl: string;
  /** Fires when all requests have to end. */
  readonly signal: AbortSignal;
}

/**
 * Sends messages in as few requests as SQS allows, one request after another. Nothing is tried again.
 *
 * @returns why messages are not in the queue, by their positions. It never throws for an answer of SQS, or when there is none.
 */
export async function sendMessages(
  target: SendTarget,
  messages: readonly Omit<SendMessageBatchRequestEntry, 'Id'>[],
): Promise<ReadonlyMap<number, Error>> {
  const refused = new Map<number, Error>();
  const entries = messages.map((message, index) => ({ Id: String(index), ...message }));
  for (const chunk of chunkEntries(entries, messageBytes, MESSAGE_BATCH_LIMITS)) {
    for (const [index, error] of await sendChunk(target, chunk)) refused.set(index, error);
  }
  return refused;
}

async function sendChunk(
  { sqs, queueUrl: QueueUrl, signal: abortSignal }: SendTarget,
  Entries: SendMessageBatchRequestEntry[],
): Promise<readonly (readonly [number, Error])[]> {
  const command = new SendMessageBatchCommand({ QueueUrl, Entries });
  try {
    const answer = await untilAborted(abortSignal, () => sqs.send(command, { abortSignal }));
    return [...refusedEntries(Entries, answer)].map(([id, { code, reason }]) => [
      Number(id),
      new Error(`${code}: ${reason}`),
    ]);
  } catch (error) {
    // The caller decides what becomes of messages that are not in the queue.
    const reason = error instanceof Error ? error : new Error(String(error));
    return Entries.map(({ Id }) => [Number(Id), reason]);
  }
}
