import type { PublishBatchRequestEntry } from '@aws-sdk/client-sns';
import { chunkEntries } from '../../aws/chunk-entries.ts';

/** Limits of PublishBatch: entries of a request, and bytes. @see https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html */
export const MAX_BATCH_ENTRIES = 10;
/** Bytes of one message, and of all messages of a batch together: bodies and attributes. */
export const MAX_MESSAGE_BYTES = 262_144;

/** The bytes that SNS counts for an entry: the body, and the names, types and values of the attributes. */
export function entryBytes({ Message = '', MessageAttributes = {} }: PublishBatchRequestEntry): number {
  const attributes = Object.entries(MessageAttributes).map(
    ([name, { DataType = '', StringValue = '' }]) =>
      Buffer.byteLength(name) + Buffer.byteLength(DataType) + Buffer.byteLength(StringValue),
  );
  return attributes.reduce((sum, bytes) => sum + bytes, Buffer.byteLength(Message));
}

/** Splits entries into requests that SNS accepts. The order stays the same. An entry over the limit gets its own request. */
export function chunkForPublishing<T>(
  entries: readonly T[],
  entryOf: (one: T) => PublishBatchRequestEntry,
): T[][] {
  return chunkEntries(entries, (one) => entryBytes(entryOf(one)), {
    maxEntries: MAX_BATCH_ENTRIES,
    maxBytes: MAX_MESSAGE_BYTES,
  });
}
