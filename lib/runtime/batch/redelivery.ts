import { ChangeMessageVisibilityBatchCommand } from '@aws-sdk/client-sqs';
import { withinTime } from '../deadline.ts';
import type { Ports } from '../dependencies.ts';

/** When a message that stays in the queue should be delivered again. */
export interface Redelivery {
  readonly receiptHandle: string;
  readonly delaySeconds: number;
}

/** The queue of the messages, and the time limit. */
export interface RedeliveryTarget {
  readonly queueUrl: string;
  /** Epoch milliseconds at which the last request has to end. */
  readonly until: number;
}

/** Maximum entries of one request. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibilityBatch.html */
const MAX_ENTRIES = 10;

/**
 * Sets when messages are delivered again, ten per request.
 *
 * @returns how many could not be set; SQS delivers those again after the queue's visibility timeout
 */
export async function scheduleRedeliveries(
  { sqs, clock }: Pick<Ports, 'sqs' | 'clock'>,
  { queueUrl, until }: RedeliveryTarget,
  redeliveries: readonly Redelivery[],
): Promise<number> {
  let unset = 0;
  for (let start = 0; start < redeliveries.length; start += MAX_ENTRIES) {
    // One request is tried always. More that begin too late only cost the time in which the invocation has to answer.
    if (start > 0 && clock.now() >= until) return unset + redeliveries.length - start;
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
      // SQS still delivers the messages again, after the queue's visibility timeout.
      unset += chunk.length;
    }
  }
  return unset;
}
