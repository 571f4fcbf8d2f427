import {
  DeleteMessageBatchCommand,
  type Message,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
} from '@aws-sdk/client-sqs';
import { chunkEntries } from '../../aws/chunk-entries.ts';
import { MESSAGE_BATCH_LIMITS, messageBytes, refusedEntries } from '../../aws/message-batch.ts';
import type { OpsClients } from '../clients.ts';
import type { DeployedConsumer } from '../deployment.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import { explainMissingQueue } from './explain-missing-queue.ts';

/** A message that SQS did not accept or did not delete, with the reason. */
export interface Refusal {
  readonly messageId: string;
  readonly reason: string;
}

export interface SentBack {
  /** Ids of the messages that are in the consumer's queue, and deleted here. */
  readonly moved: readonly string[];
  /** Messages that SQS did not accept. They stay in their queue. */
  readonly refused: readonly Refusal[];
  /** Messages that are in the consumer's queue and still here. They are delivered twice, and the consumer detects the duplicates. */
  readonly undeleted: readonly Refusal[];
}

/** Attributes with the reason of a failure. They are removed before the message is sent back. */
const REASON = new Set(['errorName', 'errorMessage', 'receiveCount', 'attempts', 'failedAt']);

/**
 * Sends messages of a dead-letter queue to the queue of their consumer, ten per request, and deletes each only after it is sent. Attributes are
 * kept, except those with the reason. In a FIFO queue the messages of a group keep their order: when one is refused, no later message of
 * its group is sent.
 *
 * @throws Error when SQS refuses a whole request; messages that were sent before stay sent
 */
export async function sendBack(
  { sqs }: Pick<OpsClients, 'sqs'>,
  queue: DeadLetterQueue,
  messages: readonly Message[],
): Promise<SentBack> {
  const moved: string[] = [];
  const undeleted: Refusal[] = [];
  const refused = await sendAll(sqs, queue.consumer, messages, async (sent) => {
    const failed = await deleteAll(sqs, queue.url, sent);
    undeleted.push(...failed);
    const failedIds = new Set(failed.map(({ messageId }) => messageId));
    moved.push(...sent.map(idOf).filter((id) => !failedIds.has(id)));
  });
  return { moved, refused, undeleted };
}

/**
 * Sends messages to the queue of a consumer.
 *
 * @param onSent called after each request, with the messages that SQS accepted
 * @returns the messages that SQS did not accept
 */
export async function sendAll(
  sqs: OpsClients['sqs'],
  consumer: DeployedConsumer,
  messages: readonly Message[],
  onSent: (sent: readonly Message[]) => Promise<void>,
): Promise<readonly Refusal[]> {
  const { queueUrl } = consumer;
  const refused: Refusal[] = [];
  const stoppedGroups = new Set<string>();
  for (const wave of queueUrl.endsWith('.fifo') ? wavesOf(messages) : [messages]) {
    const sendable = wave.filter((message) => !stoppedGroups.has(groupOf(message)));
    refused.push(...behind(wave, sendable));
    for (const chunk of chunkEntries(sendable, bytesOf, MESSAGE_BATCH_LIMITS)) {
      const { sent, failed } = await explainMissingQueue(consumer, 'queue', () =>
        sendChunk(sqs, queueUrl, chunk),
      );
      if (sent.length > 0) await onSent(sent);
      for (const { message, reason } of failed) {
        stoppedGroups.add(groupOf(message));
        refused.push({ messageId: idOf(message), reason });
      }
    }
  }
  return refused;
}

/** Splits messages into lists that have at most one message of each group. */
function wavesOf(messages: readonly Message[]): readonly (readonly Message[])[] {
  const groups = [...Map.groupBy(messages, groupOf).values()];
  const longest = Math.max(0, ...groups.map(({ length }) => length));
  return Array.from({ length: longest }, (_, wave) => groups.flatMap((group) => group[wave] ?? []));
}

/** Messages that are not sent because an earlier one of their group was refused. */
function behind(wave: readonly Message[], sendable: readonly Message[]): readonly Refusal[] {
  return wave
    .filter((message) => !sendable.includes(message))
    .map((message) => ({
      messageId: idOf(message),
      reason: 'an earlier message of its message group was refused',
    }));
}

async function sendChunk(sqs: OpsClients['sqs'], QueueUrl: string, chunk: readonly Message[]) {
  const Entries = chunk.map((message, index) => entryOf(message, index, QueueUrl.endsWith('.fifo')));
  const answer = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  const refused = refusedEntries(Entries, answer);
  return {
    sent: chunk.filter((_, index) => !refused.has(String(index))),
    failed: chunk.flatMap((message, index) => {
      const refusal = refused.get(String(index));
      return refusal ? [{ message, reason: `${refusal.code}: ${refusal.reason}` }] : [];
    }),
  };
}

function entryOf(message: Message, index: number, fifo: boolean): SendMessageBatchRequestEntry {
  const { Body, MessageAttributes = {}, Attributes = {}, MessageId } = message;
  const kept = Object.entries(MessageAttributes).filter(([name]) => !REASON.has(name));
  const { AWSTraceHeader, MessageGroupId } = Attributes;
  return {
    Id: String(index),
    MessageBody: Body,
    MessageAttributes: Object.fromEntries(kept),
    ...(AWSTraceHeader !== undefined && {
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: AWSTraceHeader } },
    }),
    ...(MessageGroupId !== undefined && { MessageGroupId }),
    // A new deduplication id: under the old one the queue could drop the message as a duplicate.
    ...(fifo && { MessageDeduplicationId: MessageId }),
  };
}

function bytesOf({ Body, MessageAttributes }: Message): number {
  return messageBytes({ MessageBody: Body, MessageAttributes });
}

/** Deletes at most ten messages of a queue. @returns the messages that SQS did not delete */
export async function deleteAll(
  sqs: OpsClients['sqs'],
  QueueUrl: string,
  messages: readonly Message[],
): Promise<readonly Refusal[]> {
  const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  const answer = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  const refused = refusedEntries(Entries, answer);
  return messages.flatMap((message, index) => {
    const refusal = refused.get(String(index));
    return refusal ? [{ messageId: idOf(message), reason: `${refusal.code}: ${refusal.reason}` }] : [];
  });
}

function idOf({ MessageId = '' }: Message): string {
  return MessageId;
}

/** The message group. A message without a group is a group of its own. */
function groupOf({ Attributes, MessageId = '' }: Message): string {
  return Attributes?.MessageGroupId ?? MessageId;
}
