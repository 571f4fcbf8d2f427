import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Asked } from './work.ts';

/** Handles the records of a batch side by side, as one writes it by hand. */
export async function eachRecord(
  { Records }: SQSEvent,
  handle: (event: { readonly id: string; readonly data: Asked }) => Promise<void>,
): Promise<SQSBatchResponse> {
  const results = await Promise.allSettled(Records.map(({ body }) => handle(JSON.parse(body))));
  const failed = Records.filter((_, index) => results[index]?.status === 'rejected');
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}
