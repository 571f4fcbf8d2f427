import {
  type MessageAttributeValue,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
} from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { chunkEntries } from '../../aws/chunk-entries.ts';
import { MESSAGE_BATCH_LIMITS, messageBytes, refusedEntries } from '../../aws/message-batch.ts';
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
  for (const chunk of chunkEntries(pending, ({ entry }) => messageBytes(entry), MESSAGE_BATCH_LIMITS)) {
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
  const entries = chunk.map(({ entry }) => entry);
  const command = new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries });
  try {
    const answer = await withinTime(
      clock,
      until,
      (abortSignal) => sqs.send(command, { abortSignal }),
      'the dead-letter queue',
    );
    const refused = refusedEntries(entries, answer);
    return new Map(
      chunk.flatMap(({ deadLetter, entry }) => {
        const refusal = refused.get(entry.Id ?? '');
        return refusal ? [[deadLetter.record.messageId, `${refusal.code}: ${refusal.reason}`]] : [];
      }),
    );
  } catch (error) {
    // Nothing is lost: the messages stay in the queue, and the next delivery sends them to the dead-letter queue again.
    return refusedAll(chunk, toError(error));
  }
}

function refusedAll(chunk: readonly Pending[], error: Error): ReadonlyMap<string, string> {
  const { name, message } = reasonOf(error);
  return new Map(chunk.map(({ deadLetter }) => [deadLetter.record.messageId, `${name}: ${message}`]));
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
