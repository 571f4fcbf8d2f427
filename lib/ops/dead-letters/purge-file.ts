import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Message } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { ReceivedDeadLetter } from './dead-letter.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';

/** Format of the file. It is increased when older files can no longer be read. */
const FORMAT = 1;
/** Dead letters hold customers' data: no other user of this machine may read them. */
const OWNER_ONLY = 0o600;

/** The first line of a file: the consumer and queue of its messages, and the app and stage of the consumer. */
export interface PurgeFileHead {
  /** Undefined: the file is older than the names of apps. */
  readonly app?: string | undefined;
  readonly stage: string;
  readonly consumer: string;
  readonly queue: DeadLetterQueue['role'];
}

const headSchema = z.object({
  fanfare: z.literal(FORMAT),
  kind: z.literal('purge'),
  data: z.object({
    app: z.string().optional(),
    stage: z.string(),
    consumer: z.string(),
    queue: z.enum(['dead-letter queue', 'undelivered queue']),
  }),
});

const messageSchema = z.object({
  fanfare: z.literal(FORMAT),
  kind: z.literal('purgedMessage'),
  data: z.object({
    messageId: z.string(),
    body: z.string(),
    attributes: z.record(z.string(), z.string()),
    messageAttributes: z.record(
      z.string(),
      z.object({
        dataType: z.string(),
        stringValue: z.string().optional(),
        binaryValue: z.base64().optional(),
      }),
    ),
  }),
});

/** Default name of a purge file. @param consumer its name or its label */
export function purgeFileName(consumer: string): string {
  return `dead-letters-${consumer.replaceAll('/', '-')}-${now().replaceAll(/[:.]/g, '-')}.jsonl`;
}

/**
 * Creates a purge file, which only its owner can read. Its first line names the stage, the consumer and the queue. Each other line is a message with
 * everything that is needed to send it again: body, message attributes with their types, system attributes (with message group and
 * deduplication id), and the reason of its failure.
 *
 * @throws Error when the file exists already
 */
export async function createPurgeFile(file: string, queue: DeadLetterQueue): Promise<FileHandle> {
  const output = await open(file, 'wx', OWNER_ONLY);
  const { name, owner } = queue.consumer;
  // The name of an app has no dash.
  const [app = ''] = owner.split('-', 1);
  const stage = owner.slice(app.length + 1);
  const data: PurgeFileHead = { app, stage, consumer: name, queue: queue.role };
  await output.write(`${JSON.stringify({ fanfare: FORMAT, kind: 'purge', at: now(), data })}\n`);
  return output;
}

/** Writes messages, and returns when they are on disk. */
export async function writePurged(
  output: FileHandle,
  received: readonly ReceivedDeadLetter[],
): Promise<void> {
  await output.write(received.map((one) => `${JSON.stringify(lineOf(one))}\n`).join(''));
  await output.sync();
}

function lineOf({ deadLetter, message: { Attributes = {}, MessageAttributes = {} } }: ReceivedDeadLetter) {
  const messageAttributes = Object.fromEntries(
    Object.entries(MessageAttributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      {
        dataType: DataType,
        stringValue: StringValue,
        binaryValue: BinaryValue && Buffer.from(BinaryValue).toString('base64'),
      },
    ]),
  );
  const data = { ...deadLetter, attributes: Attributes, messageAttributes };
  return { fanfare: FORMAT, kind: 'purgedMessage', at: now(), data };
}

/**
 * Reads the first line of a purge file.
 *
 * @throws Error when there is no such file, or it is no purge file
 */
export async function readPurgeFileHead(file: string): Promise<PurgeFileHead> {
  for await (const { text } of linesOf(file))
    return parse(headSchema, text, `${file} is not a purge file`).data;
  throw new Error(`${file} is empty`);
}

/**
 * Reads the messages of a purge file, one line at a time. An incomplete last line is skipped: the purge was killed while it wrote that line, and
 * did not delete the message.
 *
 * @throws Error that names the first line that is no message
 */
export async function* readPurged(file: string): AsyncGenerator<Message> {
  let number = 0;
  for await (const { text, isWhole } of linesOf(file)) {
    number += 1;
    if (number === 1) continue;
    if (!isWhole && !isPurged(text)) return;
    const line = parse(messageSchema, text, `line ${number} of ${file} is not a purged message`);
    yield messageOf(line.data);
  }
}

/** Whether the text is a message as a whole. Then only the end of its line is missing, as after an edit. */
function isPurged(text: string): boolean {
  try {
    return messageSchema.safeParse(JSON.parse(text)).success;
  } catch {
    // The line is cut off.
    return false;
  }
}

function messageOf(data: z.output<typeof messageSchema>['data']): Message {
  return {
    MessageId: data.messageId,
    Body: data.body,
    Attributes: data.attributes,
    MessageAttributes: Object.fromEntries(
      Object.entries(data.messageAttributes).map(([name, { dataType, stringValue, binaryValue }]) => [
        name,
        {
          DataType: dataType,
          StringValue: stringValue,
          BinaryValue: binaryValue === undefined ? undefined : Buffer.from(binaryValue, 'base64'),
        },
      ]),
    ),
  };
}

async function* linesOf(file: string): AsyncGenerator<{ text: string; isWhole: boolean }> {
  // Lines are split here and not by readline, because text after the last line end is an incomplete line.
  let rest = '';
  for await (const chunk of createReadStream(file, 'utf8')) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines) yield { text, isWhole: true };
  }
  if (rest !== '') yield { text: rest, isWhole: false };
}

function parse<Schema extends z.ZodType>(schema: Schema, text: string, failure: string): z.output<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Error(`${failure}: it is not JSON`, { cause });
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Error(`${failure}: ${z.prettifyError(result.error)}`);
}

function now(): string {
  return new Date().toISOString();
}
