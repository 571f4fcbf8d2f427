import { ChangeMessageVisibilityBatchCommand } from '@aws-sdk/client-sqs';
import { withinTime } from './deadline.ts';
import type { Ports } from './ports.ts';

/** When a message that stays in the queue should be delivered again. */
export interface Redelivery {
  readonly receiptHandle: string;
  readonly delaySeconds: number;
}

/** Whose messages are to come again, and by when it has to be said. */
export interface RedeliveryTarget {
  readonly queueUrl: string;
  /** Epoch milliseconds at which the last request has to end. */
  readonly until: number;
}

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibilityBatch.html */
const MAX_ENTRIES = 10;

/**
 * Sets when messages are delivered again, ten to a request.
 *
 * @returns how many could not be set; they come back after the queue's own visibility timeout
 */
export async function scheduleRedeliveries(
  { sqs, clock }: Pick<Ports, 'sqs' | 'clock'>,
  { queueUrl, until }: RedeliveryTarget,
  redeliveries: readonly Redelivery[],
): Promise<number> {
  let unset = 0;
  for (let start = 0; start < redeliveries.length; start += MAX_ENTRIES) {
    const chunk = redeliveries.slice(start, start + MAX_ENTRIES);
    const command = new ChangeMessageVisibilityBatchCommand({
      QueueUrl: queueUrl,
      Entries: chunk.map(({ receiptHandle, delaySeconds }, index) => ({
        Id: String(index),
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: delaySeconds,
      })),
    });
    try {
      const { Failed = [] } = await withinTime(
        clock,
        until,
        (abortSignal) => sqs.send(command, { abortSignal }),
        'the next delivery',
      );
      unset += Failed.length;
    } catch {
      // The messages come back all the same, only later: after the visibility timeout of the queue.
      unset += chunk.length;
    }
  }
  return unset;
}
