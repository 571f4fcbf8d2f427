import type { SQSRecord } from 'aws-lambda';
import type { Receipt } from '../services/simulated-queue.ts';

/** The queues of this story. */
export type QueueName = 'planner' | 'later' | 'receiver';

/** A message as Lambda hands it over. */
export function sqsRecord({ handle, message }: Receipt): SQSRecord {
  return {
    messageId: message.messageId,
    receiptHandle: handle,
    body: message.body,
    attributes: {
      ApproximateReceiveCount: String(message.receiveCount),
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
      SenderId: 'sim',
      SentTimestamp: String(message.sentAt),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:queue',
    awsRegion: 'sim',
  };
}
