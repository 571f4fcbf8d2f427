import { type BatchResultErrorEntry, ChangeMessageVisibilityBatchCommand } from '@aws-sdk/client-sqs';
import { chunkEntries } from '../aws/chunk-entries.ts';
import { sendMessages } from '../aws/send-messages.ts';
import { untilAborted } from '../aws/until-aborted.ts';
import { reasonAttributes } from '../contracts/delivery/reason-attributes.ts';
import { toError } from '../contracts/text/error-reason.ts';
import type { LaterPorts, LaterRecord } from './later-ports.ts';

/** Entries of one request. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibilityBatch.html */
const LIMITS = { maxEntries: 10, maxBytes: Number.POSITIVE_INFINITY };

/** A message that is given up. */
export interface Dead {
  readonly record: LaterRecord;
  readonly error: Error;
}

/** A message that stays in the queue. */
export interface Kept {
  readonly record: LaterRecord;
  /** After so many seconds it comes again. */
  readonly seconds: number;
}

/**
 * Sends messages to the dead-letter queue, with the reason in their attributes.
 *
 * @param signal fires when all requests have to end
 * @returns those that are not there: they come again
 */
export async function bury(
  { sqs, deadLetterQueueUrl: queueUrl, clock, log }: LaterPorts,
  dead: readonly Dead[],
  signal: AbortSignal,
): Promise<readonly LaterRecord[]> {
  const messages = dead.map(({ record, error }) => ({
    MessageBody: record.body,
    MessageAttributes: reasonAttributes(error, clock.now()),
  }));
  const refused = await sendMessages({ sqs, queueUrl, signal }, messages);
  return dead.flatMap(({ record }, index) => {
    const error = refused.get(index);
    if (!error) return [];
    const { messageId } = record;
    log.error('the dead-letter queue does not take a message, which comes again', { messageId, error });
    return [record];
  });
}

/** Says when messages come again. @param signal fires when all requests have to end */
export async function keep(
  { sqs, queueUrl, log }: LaterPorts,
  kept: readonly Kept[],
  signal: AbortSignal,
): Promise<void> {
  for (const chunk of chunkEntries(kept, () => 1, LIMITS)) {
    const Entries = chunk.map(({ record, seconds }, index) => ({
      Id: String(index),
      ReceiptHandle: record.receiptHandle,
      VisibilityTimeout: seconds,
    }));
    try {
      const command = new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries });
      const { Failed = [] } = await untilAborted(signal, () => sqs.send(command, { abortSignal: signal }));
      for (const failed of Failed) {
        const one = chunk[Number(failed.Id)];
        if (one)
          log.error('a message comes again at another time than it should', refusalOf(one.record, failed));
      }
    } catch (error) {
      // Then they come again when the visibility timeout of the queue is over: later, but they do.
      log.error('messages come again at another time than they should', { error: toError(error) });
    }
  }
}

/** What the log says of an entry that SQS has refused. */
function refusalOf(
  { messageId }: LaterRecord,
  { Code: code, Message: reason = 'SQS gave no reason' }: BatchResultErrorEntry,
): { readonly messageId: string; readonly code: string | undefined; readonly reason: string } {
  return { messageId, code, reason };
}
