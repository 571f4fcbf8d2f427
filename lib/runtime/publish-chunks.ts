import type { PublishBatchRequestEntry } from '@aws-sdk/client-sns';

/** Both limits of PublishBatch. @see https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html */
export const MAX_BATCH_ENTRIES = 10;
/** Bytes of one message, and of all messages of a batch together: bodies and attributes. */
export const MAX_MESSAGE_BYTES = 262_144;

/** What SNS counts of an entry: its body, and of its attributes the names, the types and the values. */
export function entryBytes({ Message = '', MessageAttributes = {} }: PublishBatchRequestEntry): number {
  const attributes = Object.entries(MessageAttributes).map(
    ([name, { DataType = '', StringValue = '' }]) =>
      Buffer.byteLength(name) + Buffer.byteLength(DataType) + Buffer.byteLength(StringValue),
  );
  return attributes.reduce((sum, bytes) => sum + bytes, Buffer.byteLength(Message));
}

/** Cuts entries into batches that keep both limits, in their order. An entry over the limit gets a batch of its own. */
export function chunkEntries<T>(entries: readonly T[], bytesOf: (entry: T) => number): T[][] {
  const chunks: T[][] = [];
  let current: T[] = [];
  let total = 0;
  for (const entry of entries) {
    const bytes = bytesOf(entry);
    if (current.length === MAX_BATCH_ENTRIES || (current.length > 0 && total + bytes > MAX_MESSAGE_BYTES)) {
      chunks.push(current);
      current = [];
      total = 0;
    }
    current.push(entry);
    total += bytes;
  }
  return current.length > 0 ? [...chunks, current] : chunks;
}
