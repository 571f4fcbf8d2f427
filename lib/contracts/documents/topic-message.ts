import { LARGE_DATA_DAYS, LARGE_DATA_PREFIX } from '../envelope/large-data.ts';
import type { DocumentedVersion } from './event-schemas.ts';
import { schemaReference } from './event-schemas.ts';

/** The kind of a topic. */
export interface TopicKind {
  /** Whether the topic keeps the order within each message group. */
  readonly fifo: boolean;
}

/** The message of a version on the topic. A queue gets it unchanged (raw delivery). */
export function topicMessage({ version, description }: DocumentedVersion, { fifo }: TopicKind): object {
  const { versionedType } = version;
  return {
    name: versionedType,
    title: versionedType,
    summary: description,
    description: fifo
      ? 'The body is the event. Its partitionkey is the MessageGroupId.'
      : 'The body is the event. Its tenant, if it has one, is the MessageGroupId (or a hash of it, if SNS does not accept it); otherwise its producer is.',
    contentType: 'application/cloudevents+json',
    headers: headersOf(versionedType),
    payload: schemaReference(versionedType),
    correlationId: { location: '$message.payload#/correlationid' },
    'x-message-group-id': `$message.payload#/${fifo ? 'partitionkey' : 'tenant'}`,
  };
}

/** The message attributes of SNS. With raw delivery, SQS has the same. */
function headersOf(versionedType: string): object {
  return {
    type: 'object',
    description:
      'Message attributes of the type String. Each value is escaped like the inside of a JSON string, because SNS cannot filter on other values.',
    properties: {
      type: { type: 'string', const: versionedType },
      source: { type: 'string', minLength: 1 },
      subject: { type: 'string', minLength: 1 },
    },
    required: ['type', 'source'],
    additionalProperties: false,
  };
}

/** The attributes that an event has instead of data that is too large for a message. */
export const LARGE_DATA = {
  type: 'object',
  description: `Data that was too large for a message. The bucket of the bus keeps it for ${LARGE_DATA_DAYS} days, and the runtime of every consumer restores it before the handler runs. The object at dataref is the JSON of the data; datasize is its size in bytes, datasha256 its hash.`,
  properties: {
    dataref: {
      type: 'string',
      pattern: `^s3://[a-z0-9.\\-]{3,63}/${LARGE_DATA_PREFIX}[A-Za-z0-9.]+/[0-9a-f]{64}/[0-9a-f]{64}$`,
    },
    datasize: { type: 'integer', minimum: 0 },
    datasha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
    datadigest: {
      type: 'string',
      description:
        'A digest of the content, to distinguish a duplicate from another event with the same identity.',
    },
  },
  required: ['dataref', 'datasize', 'datasha256'],
  not: { required: ['data'] },
} as const;
