import type { SendMessageBatchRequestEntry, SQSClient } from '@aws-sdk/client-sqs';
import type { Clock } from '../../aws/clock.ts';
import { sendMessages } from '../../aws/send-messages.ts';
import { reasonAttributes } from '../../contracts/delivery/reason-attributes.ts';
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

/**
 * Sends messages to the dead-letter queue with the reason in their attributes, as consumers do. SQS would do it without a reason, after hours
 * in which such a message holds back the watermark. One that is refused is not lost: it comes again, and after twenty receives SQS moves
 * it itself.
 */
export function createBuryUnreadable({ sqs, queueUrl, clock }: BuryOptions): BuryUnreadable {
  return async (unreadable, signal) => {
    const messages = unreadable.map((one) => messageOf(one, clock.now()));
    const refused = await sendMessages({ sqs, queueUrl, signal }, messages);
    return new Map(
      unreadable.flatMap(({ record }, index) => {
        const error = refused.get(index);
        return error ? [[record.messageId, error]] : [];
      }),
    );
  };
}

function messageOf(
  { record, error }: UnreadableRecord,
  now: number,
): Omit<SendMessageBatchRequestEntry, 'Id'> {
  const { MessageGroupId, ApproximateReceiveCount } = record.attributes;
  return {
    MessageBody: record.body,
    MessageAttributes: {
      ...reasonAttributes(error, now),
      receiveCount: { DataType: 'Number', StringValue: ApproximateReceiveCount },
    },
    ...(MessageGroupId !== undefined && { MessageGroupId }),
    ...(record.eventSourceARN.endsWith('.fifo') && { MessageDeduplicationId: record.messageId }),
  };
}
