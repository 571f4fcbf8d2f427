import {
  JSON_MEDIA_TYPE_PATTERN,
  NAME_PATTERN,
  PARTITION_KEY_PATTERN,
  TIMESTAMP_PATTERN,
} from '../envelope/attribute-patterns.ts';
import { MAX_INTEGER, MIN_INTEGER } from '../envelope/attribute-types.ts';
import { CONSUMER_SOURCE_PATTERN } from '../envelope/consumer-source.ts';
import { MAX_DELAY_DAYS } from '../envelope/deliver-at.ts';
import { BUS_ATTRIBUTES } from '../envelope/envelope.ts';
import { MAX_IDENTITY_BYTES, SPEC_VERSION } from '../envelope/envelope-rules.ts';
import { URI_PATTERN, URI_REFERENCE_PATTERN } from '../envelope/uri-pattern.ts';
import { MAX_JSON_DEPTH } from '../json/json-value.ts';
import { CHARACTERS_PATTERN, JSON_TEXT_PATTERN } from './text-patterns.ts';

/** The form of an event that a schema describes: as it is sent to the API, or as it is on the topic. */
export type Target = 'request' | 'topic';

/** The schema of an attribute's value. It is a string, because in a header every attribute is a string. */
export interface AttributeSchema {
  readonly type: 'string';
  readonly description: string;
  readonly [keyword: string]: unknown;
}

const characters = { allOf: [{ $ref: '#/components/schemas/Characters' }] } as const;

const text = (description: string, rest: object = {}): AttributeSchema => ({
  type: 'string',
  minLength: 1,
  ...characters,
  description,
  ...rest,
});

/** An ASCII text. It does not need the schema `Characters`. */
const ascii = (description: string, pattern: string, rest: object = {}): AttributeSchema => ({
  type: 'string',
  minLength: 1,
  pattern,
  description,
  ...rest,
});

// The limit is in bytes. A text cannot have more characters than bytes.
const INHERITED = { maxLength: MAX_IDENTITY_BYTES };
const IDENTITY = { maxLength: MAX_IDENTITY_BYTES - 1 };
const BOTH = `It and the id have ${MAX_IDENTITY_BYTES} bytes of UTF-8 together at most.`;

/** The attributes that Fanfare uses, by name. */
export const ATTRIBUTES: Readonly<Record<string, AttributeSchema>> = {
  specversion: {
    type: 'string',
    const: SPEC_VERSION,
    description: 'The version of CloudEvents.',
  },
  id: text(
    `With the source, identifies the event: a repeated event takes effect once. The API makes an id when it is absent. Id and source have ${MAX_IDENTITY_BYTES} bytes of UTF-8 together at most.`,
    IDENTITY,
  ),
  source: ascii(`The system that the event comes from: a URI-reference. ${BOTH}`, URI_REFERENCE_PATTERN, {
    format: 'uri-reference',
    examples: ['/shop/checkout'],
    ...IDENTITY,
  }),
  type: text('Name and version of the event.'),
  subject: text('What the event is about.'),
  time: ascii(
    'When the fact happened: RFC 3339, without leap seconds. The default is the time of the request.',
    TIMESTAMP_PATTERN,
    {
      format: 'date-time',
    },
  ),
  datacontenttype: text('The data is JSON.', {
    pattern: JSON_MEDIA_TYPE_PATTERN,
    examples: ['application/json'],
  }),
  dataschema: ascii('The schema that the publisher names: an absolute URI.', URI_PATTERN, { format: 'uri' }),
  dataref: ascii('Link to the data, for events whose contract allows links.', URI_REFERENCE_PATTERN, {
    format: 'uri-reference',
  }),
  partitionkey: ascii(
    'On a FIFO bus, events with the same key stay in order, and each event needs a key: it is the MessageGroupId of SNS and SQS.',
    PARTITION_KEY_PATTERN,
    {
      maxLength: 128,
    },
  ),
  deliverat: ascii(
    `When the event is delivered, at most ${MAX_DELAY_DAYS} days after it is published: RFC 3339, without leap seconds. A time that has passed is at once, which is also the default.`,
    TIMESTAMP_PATTERN,
    { format: 'date-time' },
  ),
  correlationid: text(
    `The correlation id, shared by all events that one event has caused. The default is the event's own id. ${MAX_IDENTITY_BYTES} bytes of UTF-8 at most.`,
    INHERITED,
  ),
  causationid: text(
    `The id of the event that caused this one. ${MAX_IDENTITY_BYTES} bytes of UTF-8 at most.`,
    INHERITED,
  ),
  traceparent: text('W3C trace context.'),
};

const LEFT_OUT = { type: 'null', description: 'Only the bus sets it: leave it out.' } as const;

const REQUIRED: Readonly<Record<Target, readonly string[]>> = {
  request: ['specversion', 'source', 'type'],
  topic: ['specversion', 'id', 'source', 'type'],
};

/** The schema of an extension attribute in a header, where every value is a string. */
export const EXTENSION_TEXT = { type: 'string', ...characters } as const;

/** The schemas that all events share, by name under `#/components/schemas`. */
export function envelopeSchemas(target: Target, fifo: boolean): Readonly<Record<string, object>> {
  return { CloudEvent: cloudEvent(target, fifo), Characters: CHARACTERS, JsonValue: JSON_VALUE };
}

/** The schema of an envelope. In a request, a null attribute counts as absent, as the JSON format says. On the topic, there are no null attributes. */
function cloudEvent(target: Target, fifo: boolean): object {
  const required = [...REQUIRED[target], ...(fifo ? ['partitionkey'] : [])];
  const inRequest = target === 'request';
  const attributes = Object.entries(ATTRIBUTES).map(([name, schema]) => {
    const optional = inRequest && !required.includes(name);
    const reserved = inRequest && name === 'source' ? { not: { pattern: CONSUMER_SOURCE_PATTERN } } : {};
    return [name, { ...schema, ...reserved, ...(optional && { type: ['string', 'null'] }) }] as const;
  });
  return {
    type: 'object',
    description: 'A CloudEvents 1.0 event in the JSON format. It may have any other extension attribute too.',
    properties: {
      ...Object.fromEntries(attributes),
      data: { $ref: '#/components/schemas/JsonValue' },
      ...(inRequest
        ? Object.fromEntries(BUS_ATTRIBUTES.map((name) => [name, LEFT_OUT]))
        : {
            producer: text(
              'Who has published the event over the API: a declared producer, or a label of the caller.',
            ),
          }),
      ...(inRequest && { data_base64: { type: 'null', description: 'The data is JSON: send it as data.' } }),
    },
    required,
    propertyNames: { pattern: inRequest ? `${NAME_PATTERN}|^data_base64$` : NAME_PATTERN },
    additionalProperties: {
      description: `An extension attribute: a string, a 32-bit integer or a boolean. On a standard bus, \`tenant\` is the message group; it has ${MAX_IDENTITY_BYTES} bytes of UTF-8 at most.`,
      type: ['string', 'integer', 'boolean', ...(inRequest ? ['null'] : [])],
      minimum: MIN_INTEGER,
      maximum: MAX_INTEGER,
      ...characters,
    },
  };
}

/** A schema without a type. Its pattern applies to strings only. */
const CHARACTERS = {
  description: 'Text without control characters, halves of surrogate pairs and noncharacters of Unicode.',
  pattern: CHARACTERS_PATTERN,
} as const;

const JSON_VALUE = {
  description: `Any JSON that can be sent on unchanged: numbers keep their value as IEEE 754 doubles, an object has each name once, and the event has at most ${MAX_JSON_DEPTH} levels of nesting, including its own object.`,
  pattern: JSON_TEXT_PATTERN,
  items: { $ref: '#/components/schemas/JsonValue' },
  propertyNames: { pattern: JSON_TEXT_PATTERN, not: { const: '__proto__' } },
  additionalProperties: { $ref: '#/components/schemas/JsonValue' },
} as const;
