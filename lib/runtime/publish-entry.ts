import { createHash } from 'node:crypto';
import type { MessageAttributeValue, PublishBatchRequestEntry } from '@aws-sdk/client-sns';
import { type Envelope, identityOf, serializeEnvelope } from '../contracts/envelope.ts';

/** The SNS entry of an event. Its attributes are what filters need, no more: with raw delivery SQS takes ten. */
export function entryOf(event: Envelope, index: number, fifo: boolean): PublishBatchRequestEntry {
  const identity = identityOf(event);
  return {
    Id: String(index),
    Message: serializeEnvelope(event),
    MessageAttributes: {
      type: text(event.type),
      source: text(event.source),
      ...(event.subject !== undefined && { subject: text(event.subject) }),
    },
    MessageGroupId: event.partitionkey ?? (fifo ? digest(identity) : undefined),
    // An event may be published in several versions, for old and new consumers: each is a message of its own.
    ...(fifo && { MessageDeduplicationId: digest(`${identity}|${event.type}`) }),
  };
}

function text(value: string): MessageAttributeValue {
  return { DataType: 'String', StringValue: value };
}

function digest(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}
