import {
  type MessageAttributeValue,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
} from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { chunkEntries } from '../../aws/chunk-entries.ts';
import { reasonAttributes } from '../../contracts/delivery/reason-attributes.ts';
import { REPLAY_ATTRIBUTE, REPLAY_MODE_ATTRIBUTE } from '../../contracts/delivery/replay.ts';
import { reasonOf, toError } from '../../contracts/text/error-reason.ts';
import { withinTime } from '../deadline.ts';
import type { Ports } from '../dependencies.ts';
import { OutOfTimeError } from '../errors.ts';

/** A message that goes to the dead-letter queue, and why. */
export interface DeadLetter {
  readonly record: SQSRecord;
  readonly error: Error;
  /** Number of attempts; absent for an unreadable message, whose handler cannot begin. */
  readonly attempts?: number;
}

/** The queue for dead letters, and the time limit. */
export interface DeadLetterTarget {
  readonly queueUrl: string;
  /** Epoch milliseconds at which the last request has to end. */
  readonly until: number;
}

/** Limits of one request: entries, and bytes of all bodies and attributes. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
const LIMITS = { maxEntries: 10, maxBytes: 1_048_576 };

interface Pending {
  readonly deadLetter: DeadLetter;
  readonly entry: SendMessageBatchRequestEntry;
}

/**
 * Sends messages to the dead-letter queue with the reason in their attributes.
 *
 * @returns messages that were not sent: message id and reason. They must stay in the queue.
 */
export async function sendDeadLetters(
  ports: Pick<Ports, 'sqs' | 'clock'>,
  target: DeadLetterTarget,
  deadLetters: readonly DeadLetter[],
): Promise<ReadonlyMap<string, string>> {
  const refused = new Map<string, string>();
  const pending = deadLetters.map((deadLetter, index) => ({
    deadLetter,
    entry: entryOf(deadLetter, index, ports.clock.now()),
  }));
  for (const chunk of chunkEntries(pending, ({ entry }) => bytesOf(entry), LIMITS)) {
    for (const [id, reason] of await sendChunk(ports, target, chunk)) refused.set(id, reason);
  }
  return refused;
}

async function sendChunk(
  { sqs, clock }: Pick<Ports, 'sqs' | 'clock'>,
  { queueUrl, until }: DeadLetterTarget,
  chunk: readonly Pending[],
): Promise<ReadonlyMap<string, string>> {
  // The process may have been paused, so its records may be out of date: another invocation may have finished these events.
  if (clock.now() >= until) return refusedAll(chunk, new OutOfTimeError('the dead-letter queue'));
  const command = new SendMessageBatchCommand({
    QueueUrl: queueUrl,
    Entries: chunk.map(({ entry }) => entry),
  });
  try {
    const { Successful = [], Failed = [] } = await withinTime(
      clock,
      until,
      (abortSignal) => sqs.send(command, { abortSignal }),
      'the dead-letter queue',
    );
    const sent = new Set(Successful.map(({ Id }) => Id));
    const reasons = new Map(Failed.map(({ Id, Code, Message }) => [Id, `${Code} ${Message ?? ''}`.trim()]));
    // Only an entry that SQS reports as successful is in the dead-letter queue.
    return new Map(
      chunk
        .filter(({ entry }) => !sent.has(entry.Id))
        .map(({ deadLetter, entry }) => [deadLetter.record.messageId, reasons.get(entry.Id) ?? 'no answer']),
    );
  } catch (error) {
    // Nothing is lost: the messages stay in the queue, and the next delivery sends them to the dead-letter queue again.
    return refusedAll(chunk, toError(error));
  }
}

function refusedAll(chunk: readonly Pending[], error: Error): ReadonlyMap<string, string> {
  const { name, message } = reasonOf(error);
  return new Map(chunk.map(({ deadLetter }) => [deadLetter.record.messageId, `${name} ${message}`]));
}

function entryOf(
  { record, error, attempts }: DeadLetter,
  index: number,
  now: number,
): SendMessageBatchRequestEntry {
  const { MessageGroupId } = record.attributes;
  const fifo = record.eventSourceARN.endsWith('.fifo');
  return {
    Id: String(index),
    MessageBody: record.body,
    MessageAttributes: {
      ...replayMarks(record),
      ...reasonAttributes(error, now),
      receiveCount: number(record.attributes.ApproximateReceiveCount),
      ...(attempts !== undefined && { attempts: number(String(attempts)) }),
    },
    ...(MessageGroupId !== undefined && { MessageGroupId }),
    ...(fifo && { MessageDeduplicationId: record.messageId }),
  };
}

/** The attributes of a replay, as they came: without them, a redriven event would be taken for one that was published just now. */
function replayMarks({ messageAttributes = {} }: SQSRecord): Record<string, MessageAttributeValue> {
  return Object.fromEntries(
    [REPLAY_ATTRIBUTE, REPLAY_MODE_ATTRIBUTE].flatMap((name) => {
      const attribute = messageAttributes[name];
      // A value that is no text has made the message unreadable, and its copy stays so.
      return attribute ? [[name, { DataType: 'String', StringValue: attribute.stringValue ?? '?' }]] : [];
    }),
  );
}

function number(value: string): MessageAttributeValue {
  return { DataType: 'Number', StringValue: value };
}

/** The bytes that SQS counts: the body, and the names, types and values of the attributes. */
function bytesOf({ MessageBody = '', MessageAttributes = {} }: SendMessageBatchRequestEntry): number {
  return Object.entries(MessageAttributes).reduce(
    (sum, [name, { DataType = '', StringValue = '' }]) =>
      sum + Buffer.byteLength(name) + Buffer.byteLength(DataType) + Buffer.byteLength(StringValue),
    Buffer.byteLength(MessageBody),
  );
}
