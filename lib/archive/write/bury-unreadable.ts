import {
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { chunkEntries } from '../../aws/chunk-entries.ts';
import type { Clock } from '../../aws/clock.ts';
import { untilAborted } from '../../aws/until-aborted.ts';
import { reasonAttributes } from '../../contracts/delivery/reason-attributes.ts';
import { toError } from '../../contracts/text/error-reason.ts';
import type { UnreadableRecord } from './read-records.ts';

/** Gives messages without an event to the dead-letter queue. @returns why some are not there, by their message ids: these come again */
export type BuryUnreadable = (
  unreadable: readonly UnreadableRecord[],
  signal: AbortSignal,
) => Promise<ReadonlyMap<string, Error>>;

export interface BuryOptions {
  readonly sqs: Pick<SQSClient, 'send'>;
  /** URL of the dead-letter queue of the archive. */
  readonly queueUrl: string;
  readonly clock: Pick<Clock, 'now'>;
}

/** Limits of one request: entries, and bytes of all bodies and attributes. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
const LIMITS = { maxEntries: 10, maxBytes: 1_048_576 };
/** At most so many bytes are the attributes of a message: their names and types, and two texts of 512 characters. */
const ATTRIBUTE_BYTES = 4_400;

/**
 * Sends messages to the dead-letter queue with the reason in their attributes, as consumers do. SQS would do it without a reason, after hours
 * in which such a message holds back the watermark.
 */
export function createBuryUnreadable({ sqs, queueUrl, clock }: BuryOptions): BuryUnreadable {
  return async (unreadable, signal) => {
    const refused = new Map<string, Error>();
    const bytesOf = ({ record }: UnreadableRecord) => Buffer.byteLength(record.body) + ATTRIBUTE_BYTES;
    for (const chunk of chunkEntries(unreadable, bytesOf, LIMITS)) {
      const Entries = chunk.map((one, index) => entryOf(one, index, clock.now()));
      try {
        const command = new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries });
        const { Successful = [], Failed = [] } = await untilAborted(signal, () =>
          sqs.send(command, { abortSignal: signal }),
        );
        const sent = new Set(Successful.map(({ Id }) => Id));
        for (const [index, { record }] of chunk.entries()) {
          // Only an entry that SQS reports as successful is in the queue.
          if (sent.has(String(index))) continue;
          const { Code = 'SQS', Message = 'has not answered' } =
            Failed.find(({ Id }) => Id === String(index)) ?? {};
          refused.set(record.messageId, new Error(`${Code}: ${Message}`));
        }
      } catch (error) {
        // Nothing is lost: the messages come again, and after twenty receives SQS moves them itself.
        for (const { record } of chunk) refused.set(record.messageId, toError(error));
      }
    }
    return refused;
  };
}

function entryOf(
  { record, error }: UnreadableRecord,
  index: number,
  now: number,
): SendMessageBatchRequestEntry {
  const { MessageGroupId, ApproximateReceiveCount } = record.attributes;
  return {
    Id: String(index),
    MessageBody: record.body,
    MessageAttributes: {
      ...reasonAttributes(error, now),
      receiveCount: { DataType: 'Number', StringValue: ApproximateReceiveCount },
    },
    ...(MessageGroupId !== undefined && { MessageGroupId }),
    ...(record.eventSourceARN.endsWith('.fifo') && { MessageDeduplicationId: record.messageId }),
  };
}
