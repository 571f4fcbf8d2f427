import {
  type MessageAttributeValue,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
} from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { clipText } from '../contracts/clip-text.ts';
import { chunkEntries } from './chunk-entries.ts';
import { withinTime } from './deadline.ts';
import { reasonOf, toError } from './error-reason.ts';
import { OutOfTime } from './failures.ts';
import type { Ports } from './ports.ts';

/** A message that its consumer gives up, and why. */
export interface DeadLetter {
  readonly record: SQSRecord;
  readonly error: Error;
  /** How often a handler has begun with it; absent when none could. */
  readonly attempts?: number;
}

/** Where dead letters go, and by when. */
export interface DeadLetterTarget {
  readonly queueUrl: string;
  /** Epoch milliseconds at which the last request has to end. */
  readonly until: number;
}

/** Of one request: entries, and bytes of all bodies and attributes. @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
const LIMITS = { maxEntries: 10, maxBytes: 1_048_576 };
const MAX_ATTRIBUTE_CHARACTERS = 512;
/** What SQS takes in a text; anything else makes it refuse the whole message. */
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

interface Pending {
  readonly letter: DeadLetter;
  readonly entry: SendMessageBatchRequestEntry;
}

/**
 * Sends messages to the dead-letter queue with the reason in their attributes.
 *
 * @returns those that did not get there, by message id, with the reason; they must stay in the queue
 */
export async function sendDeadLetters(
  ports: Pick<Ports, 'sqs' | 'clock'>,
  target: DeadLetterTarget,
  letters: readonly DeadLetter[],
): Promise<ReadonlyMap<string, string>> {
  const refused = new Map<string, string>();
  const pending = letters.map((letter, index) => ({
    letter,
    entry: entryOf(letter, index, ports.clock.now()),
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
  // A process that stood still no longer knows what its records say: another may have finished these events meanwhile.
  if (clock.now() >= until) return refusedAll(chunk, new OutOfTime('the dead-letter queue'));
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
    // Only what SQS says it has taken is there.
    return new Map(
      chunk
        .filter(({ entry }) => !sent.has(entry.Id))
        .map(({ letter, entry }) => [letter.record.messageId, reasons.get(entry.Id) ?? 'no answer']),
    );
  } catch (error) {
    // Nothing is lost: the messages stay in the queue and are given up again at their next delivery.
    return refusedAll(chunk, toError(error));
  }
}

function refusedAll(chunk: readonly Pending[], error: Error): ReadonlyMap<string, string> {
  const { name, message } = reasonOf(error);
  return new Map(chunk.map(({ letter }) => [letter.record.messageId, `${name} ${message}`]));
}

function entryOf(
  { record, error, attempts }: DeadLetter,
  index: number,
  now: number,
): SendMessageBatchRequestEntry {
  const { MessageGroupId } = record.attributes;
  const fifo = record.eventSourceARN.endsWith('.fifo');
  const { name, message } = reasonOf(error);
  return {
    Id: String(index),
    MessageBody: record.body,
    MessageAttributes: {
      errorName: text(name),
      errorMessage: text(message),
      receiveCount: number(record.attributes.ApproximateReceiveCount),
      ...(attempts !== undefined && { attempts: number(String(attempts)) }),
      failedAt: text(new Date(now).toISOString()),
    },
    ...(MessageGroupId !== undefined && { MessageGroupId }),
    ...(fifo && { MessageDeduplicationId: record.messageId }),
  };
}

function text(value: string): MessageAttributeValue {
  const allowed = clipText(value.replace(FORBIDDEN, '\uFFFD'), MAX_ATTRIBUTE_CHARACTERS);
  return { DataType: 'String', StringValue: allowed || 'unknown' };
}

function number(value: string): MessageAttributeValue {
  return { DataType: 'Number', StringValue: value };
}

/** What SQS counts: the body, and of the attributes the names, the types and the values. */
function bytesOf({ MessageBody = '', MessageAttributes = {} }: SendMessageBatchRequestEntry): number {
  return Object.entries(MessageAttributes).reduce(
    (sum, [name, { DataType = '', StringValue = '' }]) =>
      sum + Buffer.byteLength(name) + Buffer.byteLength(DataType) + Buffer.byteLength(StringValue),
    Buffer.byteLength(MessageBody),
  );
}
