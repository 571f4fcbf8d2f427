import { createHash } from 'node:crypto';
import type { MessageAttributeValue, PublishBatchRequestEntry } from '@aws-sdk/client-sns';
import { PARTITION_KEY_PATTERN } from '../../contracts/envelope/attribute-patterns.ts';
import { isConsumerSource } from '../../contracts/envelope/consumer-source.ts';
import { type Envelope, identityOf, serializeEnvelope } from '../../contracts/envelope/envelope.ts';
import { contentOf } from './content.ts';

const GROUP = new RegExp(PARTITION_KEY_PATTERN, 'u');

/** The SNS entry of an event. It has only the attributes that filters need: with raw delivery, SQS allows ten. */
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
    MessageGroupId: fifo ? (event.partitionkey ?? digest(identity)) : fairnessGroup(event),
    // An event may be published in several versions, for old and new consumers: each is its own message. An event with other content
    // under the same identity is its own message too: SNS must not drop it, because the consumers report it as a conflict.
    ...(fifo && { MessageDeduplicationId: digest(`${identity}|${event.type}|${contentOf(event).digest}`) }),
  };
}

/**
 * On standard queues, a message group gives fairness and no order: a tenant with many events delays its own events, not those of others.
 * Without a tenant, the producer is the group.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
 */
function fairnessGroup({ tenant, producer, source }: Envelope): string | undefined {
  // An empty tenant is none: all who send it would be one group.
  if (tenant === undefined || tenant === '')
    return producer ?? (isConsumerSource(source) ? source : undefined);
  // A tenant may be any attribute value. A value that SNS does not accept as a group is hashed.
  const name = String(tenant);
  return GROUP.test(name) ? name : digest(name);
}

/**
 * A message attribute, escaped like the inside of a JSON string. SNS silently drops a message
 * (`NumberOfNotificationsFilteredOut-InvalidAttributes`) when a subscription filters on attributes and a value is not escaped like this.
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
