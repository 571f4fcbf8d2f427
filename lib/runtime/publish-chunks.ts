import type { PublishBatchRequestEntry } from '@aws-sdk/client-sns';
import { chunkEntries } from './chunk-entries.ts';

/** Both limits of PublishBatch. @see https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html */
const MAX_BATCH_ENTRIES = 10;
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

/** Cuts entries into requests that SNS takes, in their order. An entry over the limit gets a request of its own. */
export function chunkForPublishing<T>(
  entries: readonly T[],
  entryOf: (one: T) => PublishBatchRequestEntry,
): T[][] {
  return chunkEntries(entries, (one) => entryBytes(entryOf(one)), {
    maxEntries: MAX_BATCH_ENTRIES,
    maxBytes: MAX_MESSAGE_BYTES,
  });
}
