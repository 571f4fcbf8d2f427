import type { SQSRecord } from 'aws-lambda';
import { type Replay, replayAttributes } from '../../contracts/delivery/replay.ts';

/** A message in the consumer's queue. */
export interface Message {
  readonly messageId: string;
  readonly body: string;
  /** The replay that has sent it from the archive. */
  readonly replay: Replay | undefined;
  /** Epoch milliseconds. */
  readonly sentAt: number;
  firstReceivedAt: number | undefined;
  receiveCount: number;
  /** Epoch milliseconds from which it can be received. */
  visibleAt: number;
  deleted: boolean;
}

/** The message as Lambda hands it to the function. */
export function sqsRecord(message: Message): SQSRecord {
  return {
    messageId: message.messageId,
    receiptHandle: message.messageId,
    body: message.body,
    attributes: {
      ApproximateReceiveCount: String(message.receiveCount),
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
      SenderId: 'testing',
      SentTimestamp: String(message.sentAt),
    },
    messageAttributes: message.replay ? received(replayAttributes(message.replay)) : {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-west-1:000000000000:testing',
    awsRegion: 'eu-west-1',
  };
}

function received(attributes: ReturnType<typeof replayAttributes>): SQSRecord['messageAttributes'] {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, { DataType: dataType, StringValue: stringValue }]) => [
      name,
      { dataType, stringValue },
    ]),
  );
}
