import { createHash } from 'node:crypto';
import type { MessageAttributeValue, PublishBatchRequestEntry } from '@aws-sdk/client-sns';
import { isConsumerSource } from '../contracts/consumer-source.ts';
import { type Envelope, identityOf, serializeEnvelope } from '../contracts/envelope.ts';
import { contentOf } from './idempotency/content.ts';

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
    MessageGroupId: event.partitionkey ?? (fifo ? digest(identity) : producerGroup(event)),
    // An event may be published in several versions, for old and new consumers: each is a message of its own. So is another event under
    // the same identity: SNS must not swallow it, for the consumers tell of it.
    ...(fifo && { MessageDeduplicationId: digest(`${identity}|${event.type}|${contentOf(event).digest}`) }),
  };
}

/** On standard queues a group is about fairness: a producer that publishes much delays its own events, not those of others. */
function producerGroup({ producer, source }: Envelope): string | undefined {
  return producer ?? (isConsumerSource(source) ? source : undefined);
}

/**
 * SNS drops a message without a word (`NumberOfNotificationsFilteredOut-InvalidAttributes`) when a subscription filters on
 * attributes and one of them could not stand between the quotation marks of a JSON string as it is.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html
 * @see https://github.com/php-enqueue/enqueue-dev/issues/1307
 */
function text(value: string): MessageAttributeValue {
  return { DataType: 'String', StringValue: JSON.stringify(value).slice(1, -1) };
}

function digest(value: string): string {
  return createHash('sha256').update(value).digest('hex');
}
