import {
  type MessageAttributeValue,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
} from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import type { Ports } from './ports.ts';

/** A message that its consumer gives up, and why. */
export interface DeadLetter {
  readonly record: SQSRecord;
  readonly error: Error;
}

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
const MAX_ENTRIES = 10;
const MAX_ATTRIBUTE_CHARACTERS = 512;
/** What SQS takes in a text; anything else makes it refuse the whole message. */
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

/**
 * Sends messages to the dead-letter queue with the reason in their attributes.
 *
 * @returns the ids of those that did not get there; they must stay in the queue
 */
export async function sendDeadLetters(
  { sqs, clock }: Pick<Ports, 'sqs' | 'clock'>,
  queueUrl: string,
  letters: readonly DeadLetter[],
): Promise<ReadonlySet<string>> {
  const failed = new Set<string>();
  for (let start = 0; start < letters.length; start += MAX_ENTRIES) {
    const chunk = letters.slice(start, start + MAX_ENTRIES);
    try {
      const { Failed = [] } = await sqs.send(
        new SendMessageBatchCommand({
          QueueUrl: queueUrl,
          Entries: chunk.map((letter, index) => entry(letter, index, clock.now())),
        }),
      );
      for (const { Id } of Failed) {
        const letter = chunk[Number(Id)];
        if (letter) failed.add(letter.record.messageId);
      }
    } catch {
      // Nothing is lost: the messages stay in the queue and are given up again at their next delivery.
      for (const { record } of chunk) failed.add(record.messageId);
    }
  }
  return failed;
}

function entry({ record, error }: DeadLetter, index: number, now: number): SendMessageBatchRequestEntry {
  const { MessageGroupId } = record.attributes;
  const fifo = record.eventSourceARN.endsWith('.fifo');
  return {
    Id: String(index),
    MessageBody: record.body,
    MessageAttributes: {
      errorName: text(error.name),
      errorMessage: text(error.message),
      receiveCount: { DataType: 'Number', StringValue: record.attributes.ApproximateReceiveCount },
      failedAt: text(new Date(now).toISOString()),
    },
    ...(MessageGroupId !== undefined && { MessageGroupId }),
    ...(fifo && { MessageDeduplicationId: record.messageId }),
  };
}

function text(value: string): MessageAttributeValue {
  const allowed = value.replace(FORBIDDEN, '\uFFFD').slice(0, MAX_ATTRIBUTE_CHARACTERS);
  return { DataType: 'String', StringValue: allowed || 'unknown' };
}
