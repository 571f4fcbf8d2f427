import {
  ChangeMessageVisibilityBatchCommand,
  type ChangeMessageVisibilityBatchRequestEntry,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  SQSServiceException,
} from '@aws-sdk/client-sqs';
import { isSameReplay } from '../stories/replay-work.ts';
import type { Receipt, SimulatedMessage, SimulatedQueue } from './simulated-queue.ts';

/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
const MAX_BATCH_BYTES = 1_048_576;
const MAX_ENTRIES = 10;
/** @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html */
const MAX_VISIBILITY_SECONDS = 43_200;
/** What SQS takes in a text. */
const ALLOWED = /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]+$/u;

/** What the commands of one invocation work on. */
export interface QueueAccess {
  readonly queue: SimulatedQueue;
  readonly receipts: readonly Receipt[];
  readonly fifo: boolean;
  /** Asked once per entry: whether SQS fails it. */
  readonly refuses: () => boolean;
  readonly onBuried: (message: SimulatedMessage, reason: Readonly<Record<string, string>>) => void;
  /** Hears of a dead letter that is none of the messages received. */
  readonly onStrangeLetter: (body: string) => void;
}

interface Answer {
  readonly Successful: object[];
  readonly Failed: object[];
}

/** Executes the batch commands that the runtime sends to SQS; entries can fail one by one. */
export function executeSqs(access: QueueAccess, command: unknown): object {
  if (command instanceof ChangeMessageVisibilityBatchCommand)
    return each(command.input.Entries ?? [], access, (entry) => changeVisibility(access, entry));
  if (command instanceof SendMessageBatchCommand) {
    const entries = command.input.Entries ?? [];
    const bytes = entries.reduce((sum, entry) => sum + bytesOf(entry), 0);
    if (bytes > MAX_BATCH_BYTES) throw refusal('BatchRequestTooLong');
    return each(entries, access, (entry) => sendDeadLetter(access, entry));
  }
  throw new TypeError(`the simulation does not know ${command?.constructor.name}`);
}

/** @param act returns the code with which SQS refuses the entry, or undefined when it took it */
function each<Entry extends { Id: string | undefined }>(
  entries: readonly Entry[],
  { refuses }: QueueAccess,
  act: (entry: Entry) => string | undefined,
): Answer {
  if (entries.length === 0) throw refusal('EmptyBatchRequest');
  if (entries.length > MAX_ENTRIES) throw refusal('TooManyEntriesInBatchRequest');
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length) throw refusal('BatchEntryIdsNotDistinct');
  const answer: Answer = { Successful: [], Failed: [] };
  for (const entry of entries) {
    const refused = refuses();
    const code = refused ? 'InternalError' : act(entry);
    if (code === undefined) answer.Successful.push({ Id: entry.Id });
    else answer.Failed.push({ Id: entry.Id, Code: code, SenderFault: !refused });
  }
  return answer;
}

function changeVisibility(
  { queue, receipts }: QueueAccess,
  { ReceiptHandle, VisibilityTimeout = -1 }: ChangeMessageVisibilityBatchRequestEntry,
): string | undefined {
  const message = receipts.find(({ handle }) => handle === ReceiptHandle)?.message;
  if (!message) return 'ReceiptHandleIsInvalid';
  const isAllowed = Number.isInteger(VisibilityTimeout) && VisibilityTimeout >= 0;
  if (!isAllowed || VisibilityTimeout > MAX_VISIBILITY_SECONDS) return 'InvalidParameterValue';
  queue.changeVisibility(message, VisibilityTimeout);
  return undefined;
}

function sendDeadLetter(access: QueueAccess, entry: SendMessageBatchRequestEntry): string | undefined {
  const { MessageBody = '', MessageGroupId, MessageDeduplicationId, MessageAttributes = {} } = entry;
  if (access.fifo && !(MessageGroupId && MessageDeduplicationId)) return 'MissingParameter';
  const reason: Record<string, string> = {};
  for (const [name, { StringValue }] of Object.entries(MessageAttributes)) {
    if (typeof StringValue !== 'string' || !ALLOWED.test(StringValue)) return 'InvalidParameterValue';
    reason[name] = StringValue;
  }
  // The same event can be in the batch twice: each letter is the copy of one message.
  const same = access.receipts.filter(
    ({ message }) => message.body === MessageBody && isSameReplay(message.attributes, reason),
  );
  const receipt = same.find(({ message }) => message.messageId === MessageDeduplicationId) ?? same[0];
  if (!receipt) {
    access.onStrangeLetter(MessageBody);
    return undefined;
  }
  const { body, identity, groupId } = receipt.message;
  access.queue.sendDead({
    body,
    identity,
    groupId: groupId ?? MessageGroupId,
    deduplicationId: MessageDeduplicationId,
    attributes: reason,
  });
  for (const { message } of same) access.onBuried(message, reason);
  return undefined;
}

function bytesOf({ MessageBody = '', MessageAttributes = {} }: SendMessageBatchRequestEntry): number {
  const attributes = Object.entries(MessageAttributes).map(
    ([name, { DataType = '', StringValue = '' }]) =>
      Buffer.byteLength(name) + Buffer.byteLength(DataType) + Buffer.byteLength(String(StringValue)),
  );
  return attributes.reduce((sum, bytes) => sum + bytes, Buffer.byteLength(MessageBody));
}

function refusal(name: string): SQSServiceException {
  return new SQSServiceException({
    name,
    $fault: 'client',
    $metadata: { httpStatusCode: 400 },
    message: name,
  });
}
