import { LARGE_DATA_DAYS, LARGE_DATA_PREFIX } from '../large-data.ts';
import type { DocumentedVersion } from './event-schemas.ts';
import { schemaReference } from './event-schemas.ts';

/** How the topic keeps its messages. */
export interface TopicKind {
  /** Keeps the order within each message group. */
  readonly fifo: boolean;
}

/** The event of a version as a message of the topic, which reaches a queue as it is (raw delivery). */
export function topicMessage({ version, description }: DocumentedVersion, { fifo }: TopicKind): object {
  const { versionedType } = version;
  return {
    name: versionedType,
    title: versionedType,
    summary: description,
    description: `The body is the event. Its partitionkey, if it has one, is the MessageGroupId${fifo ? '; an event without one has a group of its own' : ''}.`,
    contentType: 'application/cloudevents+json',
    headers: headersOf(versionedType),
    payload: schemaReference(versionedType),
    correlationId: { location: '$message.payload#/correlationid' },
    'x-message-group-id': '$message.payload#/partitionkey',
  };
}

/** The message attributes of SNS, with raw delivery those of SQS too. */
function headersOf(versionedType: string): object {
  return {
    type: 'object',
    description:
      'Message attributes of the type String. Each value is written as in a JSON string, without the quotation marks around it: SNS filters on nothing else.',
    properties: {
      type: { type: 'string', const: versionedType },
      source: { type: 'string', minLength: 1 },
      subject: { type: 'string', minLength: 1 },
    },
    required: ['type', 'source'],
    additionalProperties: false,
  };
}

/** What stands in the place of data that is too large for a message. */
export const LARGE_DATA = {
  type: 'object',
  description: `Data that was too large for a message: it is in the bucket of the bus for ${LARGE_DATA_DAYS} days, and the runtime of every consumer puts it back before the handler runs. The object at dataref is the JSON of the data; datasize is its bytes, datasha256 their hash.`,
  properties: {
    dataref: {
      type: 'string',
      pattern: `^s3://[a-z0-9.\\-]{3,63}/${LARGE_DATA_PREFIX}[A-Za-z0-9.]+/[0-9a-f]{64}/[0-9a-f]{64}$`,
    },
    datasize: { type: 'integer', minimum: 0 },
    datasha256: { type: 'string', pattern: '^[0-9a-f]{64}$' },
    datadigest: {
      type: 'string',
      description: 'By which a repetition of the event is told from another one.',
    },
  },
  required: ['dataref', 'datasize', 'datasha256'],
  not: { required: ['data'] },
} as const;
