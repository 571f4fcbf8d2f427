import {
  ChangeMessageVisibilityBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Envelope } from '../../contracts/envelope/envelope.ts';
import { parseStoredJson } from '../../contracts/json/stored-json.ts';

/** A message that a consumer has given up, with the reason. */
export interface BusDeadLetter {
  readonly messageId: string;
  /** The event; undefined when the message is none. */
  readonly event: Envelope | undefined;
  readonly body: string;
  readonly errorName: string;
  readonly errorMessage: string;
}

/** How long messages are hidden from others while they are read, in seconds. */
const READING_SECONDS = 30;
const BATCH = 10;

/** Reads all messages of a dead-letter queue, and leaves them in the queue. */
export async function readDeadLetters(sqs: SQSClient, QueueUrl: string): Promise<readonly BusDeadLetter[]> {
  const all: Message[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: BATCH,
        MessageAttributeNames: ['All'],
        VisibilityTimeout: READING_SECONDS,
      }),
    );
    if (Messages.length === 0) break;
    all.push(...Messages);
  }
  for (let start = 0; start < all.length; start += BATCH) {
    const Entries = all
      .slice(start, start + BATCH)
      .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle, VisibilityTimeout: 0 }));
    await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
  }
  return all.map(deadLetterOf);
}

function deadLetterOf({ MessageId = '', Body = '', MessageAttributes = {} }: Message): BusDeadLetter {
  return {
    messageId: MessageId,
    event: parse(Body),
    body: Body,
    errorName: MessageAttributes.errorName?.StringValue ?? '',
    errorMessage: MessageAttributes.errorMessage?.StringValue ?? '',
  };
}

function parse(body: string): Envelope | undefined {
  try {
    // What is JSON is shown, whatever is wrong with it as an event.
    return parseStoredJson(body, 'the message') as Envelope;
  } catch {
    // It is there because it is no event; the body says what it is.
    return undefined;
  }
}
