import {
  type BatchResultErrorEntry,
  ChangeMessageVisibilityBatchCommand,
  SendMessageBatchCommand,
} from '@aws-sdk/client-sqs';
import { chunkEntries } from '../aws/chunk-entries.ts';
import { untilAborted } from '../aws/until-aborted.ts';
import { reasonAttributes } from '../contracts/delivery/reason-attributes.ts';
import { toError } from '../contracts/text/error-reason.ts';
import type { LaterPorts, LaterRecord } from './later-ports.ts';

/** Limits of one request: entries, and bytes of all bodies and attributes. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
const LIMITS = { maxEntries: 10, maxBytes: 1_048_576 };
/** At most so many bytes are the attributes of a message: their names and types, and two texts of 512 characters. */
const ATTRIBUTE_BYTES = 4_400;

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
  { sqs, deadLetterQueueUrl, clock, log }: LaterPorts,
  dead: readonly Dead[],
  signal: AbortSignal,
): Promise<readonly LaterRecord[]> {
  const refused: LaterRecord[] = [];
  const bytesOf = ({ record }: Dead) => Buffer.byteLength(record.body) + ATTRIBUTE_BYTES;
  for (const chunk of chunkEntries(dead, bytesOf, LIMITS)) {
    const Entries = chunk.map(({ record, error }, index) => ({
      Id: String(index),
      MessageBody: record.body,
      MessageAttributes: reasonAttributes(error, clock.now()),
    }));
    try {
      const command = new SendMessageBatchCommand({ QueueUrl: deadLetterQueueUrl, Entries });
      const { Successful = [], Failed = [] } = await untilAborted(signal, () =>
        sqs.send(command, { abortSignal: signal }),
      );
      const sent = new Set(Successful.map(({ Id }) => Id));
      for (const [index, { record }] of chunk.entries()) {
        // Only an entry that SQS reports as successful is in the queue.
        if (sent.has(String(index))) continue;
        const failed = Failed.find(({ Id }) => Id === String(index)) ?? NO_ANSWER;
        log.error(
          'the dead-letter queue does not take a message, which comes again',
          refusalOf(record, failed),
        );
        refused.push(record);
      }
    } catch (error) {
      // Nothing is lost: the messages come again.
      log.error('the dead-letter queue did not answer', { error: toError(error) });
      refused.push(...chunk.map(({ record }) => record));
    }
  }
  return refused;
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

const NO_ANSWER = { Code: 'NoAnswer', Message: 'the answer of SQS does not mention the message' };

/** What the log says of an entry that SQS has refused. */
function refusalOf(
  { messageId }: LaterRecord,
  { Code: code, Message: reason = 'SQS gave no reason' }: Pick<BatchResultErrorEntry, 'Code' | 'Message'>,
): { readonly messageId: string; readonly code: string | undefined; readonly reason: string } {
  return { messageId, code, reason };
}
