import type { BatchResultErrorEntry, SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import type { BatchLimits } from './chunk-entries.ts';
import { isTransientCode } from './transient.ts';

/** Limits of one request: entries, and bytes of all bodies and attributes. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
export const MESSAGE_BATCH_LIMITS: BatchLimits = { maxEntries: 10, maxBytes: 1_048_576 };

/** Why SQS has not taken an entry of a batch. */
export interface EntryRefusal {
  readonly code: string;
  readonly reason: string;
  /** Whether SQS will refuse the entry whenever it is sent. */
  readonly final: boolean;
}

/** The bytes of a message that SQS counts: the body, and the names, types and values of the attributes. */
export function messageBytes({
  MessageBody = '',
  MessageAttributes = {},
}: Pick<SendMessageBatchRequestEntry, 'MessageBody' | 'MessageAttributes'>): number {
  return Object.entries(MessageAttributes).reduce(
    (sum, [name, { DataType = '', StringValue = '', BinaryValue }]) =>
      sum +
      Buffer.byteLength(name) +
      Buffer.byteLength(DataType) +
      Buffer.byteLength(StringValue) +
      (BinaryValue?.byteLength ?? 0),
    Buffer.byteLength(MessageBody),
  );
}

/** What an answer of SQS says of the entries of a batch. */
interface BatchAnswer {
  readonly Successful?: readonly { readonly Id: string | undefined }[] | undefined;
  readonly Failed?: readonly BatchResultErrorEntry[] | undefined;
}

/**
 * The entries of a batch that SQS has not taken, by their ids: messages to send or to delete. Only what the answer lists as successful is
 * done: an entry that it does not mention is refused too.
 */
export function refusedEntries(
  entries: readonly { readonly Id: string | undefined }[],
  { Successful = [], Failed = [] }: BatchAnswer,
): ReadonlyMap<string, EntryRefusal> {
  const refused = new Map(entries.map(({ Id = '' }) => [Id, NO_ANSWER]));
  for (const {
    Id = '',
    Code: code = 'Unknown',
    Message: reason = 'SQS gave no reason',
    SenderFault,
  } of Failed)
    refused.set(Id, { code, reason, final: SenderFault === true && !isTransientCode(code) });
  for (const { Id = '' } of Successful) refused.delete(Id);
  return refused;
}

const NO_ANSWER: EntryRefusal = {
  code: 'NoAnswer',
  reason: 'the answer of SQS does not mention it',
  final: false,
};
