import type { ChangeMessageVisibilityBatchCommand } from '@aws-sdk/client-sqs';
import { MAX_SKEW_MS } from '../services/invocation.ts';
import type { Batch } from '../simulated-consumer.ts';
import { RETRY, TIMEOUT_MS } from '../stories/app.ts';

/** The policy's longest pause; a message that waits for another's lease waits for the rest of it, by two clocks. */
const LONGEST_SECONDS = Math.max(RETRY.maxDelaySeconds, (TIMEOUT_MS + 2 * MAX_SKEW_MS) / 1000 + 2);

/** Looks at every pause that is asked for. */
export function judgeRedeliveries(
  { world, receipts, scheduled }: Batch,
  { input: { Entries = [] } }: ChangeMessageVisibilityBatchCommand,
): void {
  for (const { ReceiptHandle, VisibilityTimeout = 0 } of Entries) {
    const message = receipts.find(({ handle }) => handle === ReceiptHandle)?.message;
    if (!message) continue;
    scheduled.add(message);
    if (VisibilityTimeout > LONGEST_SECONDS)
      world.ledger.violate(`${message.identity} was put off for ${VisibilityTimeout} s`);
  }
}
