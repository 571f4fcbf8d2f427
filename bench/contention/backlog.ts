import { ChangeMessageVisibilityBatchCommand, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';

/** A message of the backlog. */
export interface Message {
  readonly record: SQSRecord;
  receiveCount: number;
  /** Epoch milliseconds. */
  visibleAt: number;
}

const VISIBILITY_MS = 180_000;

/** A queue with everything in it from the beginning, and its dead-letter queue. */
export class Backlog {
  dead = 0;
  deliveries = 0;
  readonly #now: () => number;
  readonly #messages: Set<Message>;

  /** @param bodies one for each message */
  constructor(bodies: readonly string[], now: () => number) {
    this.#now = now;
    this.#messages = new Set(bodies.map(createMessage));
  }

  get size(): number {
    return this.#messages.size;
  }

  receive(count: number): readonly Message[] {
    const batch: Message[] = [];
    for (const message of this.#messages) {
      if (message.visibleAt > this.#now()) continue;
      message.receiveCount += 1;
      message.visibleAt = this.#now() + VISIBILITY_MS;
      if (batch.push(message) === count) break;
    }
    this.deliveries += batch.length;
    return batch;
  }

  delete(message: Message): void {
    this.#messages.delete(message);
  }

  /** Executes what the runtime asks of SQS for a batch. */
  execute(command: object, batch: readonly Message[]): object {
    if (command instanceof SendMessageBatchCommand) {
      const entries = command.input.Entries ?? [];
      this.dead += entries.length;
      return { Successful: entries.map(({ Id }) => ({ Id })) };
    }
    if (!(command instanceof ChangeMessageVisibilityBatchCommand)) return {};
    for (const { ReceiptHandle, VisibilityTimeout = 0 } of command.input.Entries ?? []) {
      const message = batch.find(({ record }) => record.receiptHandle === ReceiptHandle);
      if (message) message.visibleAt = this.#now() + VisibilityTimeout * 1_000;
    }
    return {};
  }
}

/** The record of a message as a function gets it now. */
export function recordOf({ record, receiveCount }: Message): SQSRecord {
  return {
    ...record,
    attributes: { ...record.attributes, ApproximateReceiveCount: String(receiveCount) },
  };
}

function createMessage(body: string, index: number): Message {
  const attributes = {
    ApproximateReceiveCount: '1',
    ApproximateFirstReceiveTimestamp: '0',
    SenderId: 'x',
    SentTimestamp: '0',
  };
  return {
    receiveCount: 0,
    visibleAt: 0,
    record: {
      messageId: `m-${index}`,
      receiptHandle: `r-${index}`,
      body,
      attributes,
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:queue',
      awsRegion: 'x',
    },
  };
}
