import {
  JSON_MEDIA_TYPE_PATTERN,
  NAME_PATTERN,
  PARTITION_KEY_PATTERN,
  TIMESTAMP_PATTERN,
} from '../attribute-patterns.ts';
import { MAX_INTEGER, MIN_INTEGER } from '../attribute-types.ts';
import { CONSUMER_SOURCE_PATTERN } from '../consumer-source.ts';
import { BUS_ATTRIBUTES } from '../envelope.ts';
import { MAX_IDENTITY_BYTES, SPEC_VERSION } from '../envelope-rules.ts';
import { MAX_JSON_DEPTH } from '../json-value.ts';
import { URI_PATTERN, URI_REFERENCE_PATTERN } from '../uri-pattern.ts';
import { CHARACTERS_PATTERN, JSON_TEXT_PATTERN } from './text-patterns.ts';

/** Where an event is looked at: as somebody sends it to the API, or as it lies on the topic. */
export type Place = 'request' | 'topic';

/** An attribute as a schema of its value: a string, for that is what it is in a header too. */
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

/** Of ASCII only, so that nothing has to be said of its characters. */
const ascii = (description: string, pattern: string, rest: object = {}): AttributeSchema => ({
  type: 'string',
  minLength: 1,
  pattern,
  description,
  ...rest,
});

// A text of so many bytes has no more characters.
const INHERITED = { maxLength: MAX_IDENTITY_BYTES };
const IDENTITY = { maxLength: MAX_IDENTITY_BYTES - 1 };
const BOTH = `It and the id have ${MAX_IDENTITY_BYTES} bytes of UTF-8 together at most.`;

/** The attributes that have a meaning here, by their names. */
export const ATTRIBUTES: Readonly<Record<string, AttributeSchema>> = {
  specversion: {
    type: 'string',
    const: SPEC_VERSION,
    description: 'The version of CloudEvents.',
  },
  id: text(
    `With the source, identifies the event: the same again takes effect once. The API makes one when it is absent. Id and source have ${MAX_IDENTITY_BYTES} bytes of UTF-8 together at most.`,
    IDENTITY,
  ),
  source: ascii(`What the event comes from: a URI-reference. ${BOTH}`, URI_REFERENCE_PATTERN, {
    format: 'uri-reference',
    examples: ['/shop/checkout'],
    ...IDENTITY,
  }),
  type: text('Name and version of the fact.'),
  subject: text('What it is about.'),
  time: ascii(
    'When it happened: RFC 3339, without leap seconds. Now, when it is absent.',
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
  partitionkey: ascii('Ordering and fairness: the MessageGroupId of SNS and SQS.', PARTITION_KEY_PATTERN, {
    maxLength: 128,
  }),
  correlationid: text(
    `The story that the event belongs to. Its own id, when it is absent. ${MAX_IDENTITY_BYTES} bytes of UTF-8 at most.`,
    INHERITED,
  ),
  causationid: text(
    `The id of the event that caused it. ${MAX_IDENTITY_BYTES} bytes of UTF-8 at most.`,
    INHERITED,
  ),
  traceparent: text('W3C trace context.'),
};

const LEFT_OUT = { type: 'null', description: 'Only the bus says it: leave it out.' } as const;

const REQUIRED: Readonly<Record<Place, readonly string[]>> = {
  request: ['specversion', 'source', 'type'],
  topic: ['specversion', 'id', 'source', 'type'],
};

/** The value of an extension attribute in a header, where everything is a string. */
export const EXTENSION_TEXT = { type: 'string', ...characters } as const;

/** What all events share, and what they are made of, by their names under `#/components/schemas`. */
export function envelopeSchemas(place: Place): Readonly<Record<string, object>> {
  return { CloudEvent: cloudEvent(place), Characters: CHARACTERS, JsonValue: JSON_VALUE };
}

/** In a request an attribute that is null counts as absent, as the JSON format says; on the topic there is none. */
function cloudEvent(place: Place): object {
  const required = REQUIRED[place];
  const inRequest = place === 'request';
  const attributes = Object.entries(ATTRIBUTES).map(([name, schema]) => {
    const optional = inRequest && !required.includes(name);
    const reserved = inRequest && name === 'source' ? { not: { pattern: CONSUMER_SOURCE_PATTERN } } : {};
    return [name, { ...schema, ...reserved, ...(optional && { type: ['string', 'null'] }) }] as const;
  });
  return {
    type: 'object',
    description:
      'A CloudEvents 1.0 event in the JSON format. Any other extension attribute may be there too.',
    properties: {
      ...Object.fromEntries(attributes),
      data: { $ref: '#/components/schemas/JsonValue' },
      ...(inRequest
        ? Object.fromEntries(BUS_ATTRIBUTES.map((name) => [name, LEFT_OUT]))
        : {
            producer: text(
              'Who has published it over the API: a declared producer, or a label of the caller.',
            ),
          }),
      ...(inRequest && { data_base64: { type: 'null', description: 'The data is JSON: send it as data.' } }),
    },
    required,
    propertyNames: { pattern: inRequest ? `${NAME_PATTERN}|^data_base64$` : NAME_PATTERN },
    additionalProperties: {
      description: 'An extension attribute: a string, a whole number of 32 bits or a boolean.',
      type: ['string', 'integer', 'boolean', ...(inRequest ? ['null'] : [])],
      minimum: MIN_INTEGER,
      maximum: MAX_INTEGER,
      ...characters,
    },
  };
}

/** A schema without a type: what it says is said of strings only. */
const CHARACTERS = {
  description: 'Text without control characters, halves of surrogate pairs and noncharacters of Unicode.',
  pattern: CHARACTERS_PATTERN,
} as const;

const JSON_VALUE = {
  description: `Any JSON that arrives as it was sent: numbers keep their value as IEEE 754 doubles, each name is there once in its object, and the event is nested ${MAX_JSON_DEPTH} levels deep at most, its own object among them.`,
  pattern: JSON_TEXT_PATTERN,
  items: { $ref: '#/components/schemas/JsonValue' },
  propertyNames: { pattern: JSON_TEXT_PATTERN, not: { const: '__proto__' } },
  additionalProperties: { $ref: '#/components/schemas/JsonValue' },
} as const;
