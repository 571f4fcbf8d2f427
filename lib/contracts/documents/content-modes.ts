import { IDEMPOTENCY_KEY_PATTERN } from '../attribute-patterns.ts';
import { CONSUMER_SOURCE_PATTERN } from '../consumer-source.ts';
import { BUS_ATTRIBUTES } from '../envelope.ts';
import { BATCHED_PATTERN, BINARY_PATTERN, STRUCTURED_PATTERN } from '../media-types.ts';
import { ATTRIBUTES, EXTENSION_TEXT } from './cloud-event.ts';

/** Attributes that the binding has elsewhere: the data in the body, its type in Content-Type. */
const NOT_IN_HEADERS = ['data', 'datacontenttype'];
const REQUIRED = ['specversion', 'source', 'type'];

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  description:
    'Events without an id get one that is made of this and of what they say: a request that is repeated, whole or in part, is the same events, and other content is another event. It is taken as it is, quotation marks too.',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: IDEMPOTENCY_KEY_PATTERN },
} as const;

const TRACEPARENT = {
  name: 'traceparent',
  in: 'header',
  description: 'W3C trace context, for events that have none. A value that is not of this form is ignored.',
  schema: { type: 'string' },
} as const;

/** The headers of a request: those of all modes, and the attributes of binary mode. */
export function requestParameters(types: readonly string[]): readonly object[] {
  return [IDEMPOTENCY_KEY, TRACEPARENT, ...Object.entries(ATTRIBUTES).flatMap(headerOf)];

  function headerOf([name, { description, ...schema }]: [
    string,
    object & { description: string },
  ]): object[] {
    if (NOT_IN_HEADERS.includes(name)) return [];
    const need = REQUIRED.includes(name) ? 'has to be there' : 'may be there';
    return [
      {
        name: `ce-${name}`,
        in: 'header',
        // Only in one of three modes, which OpenAPI cannot say.
        required: false,
        description: `Binary mode, where it ${need}: the attribute ${name}, percent-encoded. ${description}`,
        schema: schemaOf(name, schema),
      },
    ];
  }

  function schemaOf(name: string, schema: object): object {
    if (name === 'type') return { type: 'string', enum: types };
    return name === 'source' ? { ...schema, not: { pattern: CONSUMER_SOURCE_PATTERN } } : schema;
  }
}

/**
 * What makes a request one of a content mode, which OpenAPI has no words for: patterns of the content type with its parameters, and the
 * headers of binary mode.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md#3-http-message-mapping
 */
export function contentModes(): object {
  return {
    structured: { contentType: { pattern: STRUCTURED_PATTERN } },
    batched: { contentType: { pattern: BATCHED_PATTERN } },
    binary: {
      contentType: { pattern: BINARY_PATTERN },
      requiredHeaders: REQUIRED.map((name) => `ce-${name}`),
      otherHeaders: {
        name: { pattern: `^ce-(?!(?:${[...NOT_IN_HEADERS, ...BUS_ATTRIBUTES].join('|')})$)[a-z0-9]+$` },
        schema: EXTENSION_TEXT,
      },
    },
  };
}
