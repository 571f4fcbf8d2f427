import { IDEMPOTENCY_KEY_PATTERN } from '../envelope/attribute-patterns.ts';
import { CONSUMER_SOURCE_PATTERN } from '../envelope/consumer-source.ts';
import { BUS_ATTRIBUTES } from '../envelope/envelope.ts';
import { BATCHED_PATTERN, BINARY_PATTERN, STRUCTURED_PATTERN } from '../envelope/media-types.ts';
import { ATTRIBUTES, EXTENSION_TEXT } from './cloud-event.ts';

/** Attributes that the binding does not put into `ce-*` headers: the data is the body, and its type is in Content-Type. */
const NOT_IN_HEADERS = ['data', 'datacontenttype'];
const REQUIRED = ['specversion', 'source', 'type'];

const requiredIn = (fifo: boolean): readonly string[] => (fifo ? [...REQUIRED, 'partitionkey'] : REQUIRED);

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header',
  description:
    'The id of an event without an id is derived from this key and from the content of the event. So a repeated request, or a part of it, has the same events, and other content is another event. The key is used as it is, with quotation marks.',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: IDEMPOTENCY_KEY_PATTERN },
} as const;

const TRACEPARENT = {
  name: 'traceparent',
  in: 'header',
  description: 'W3C trace context, for events without one. An invalid value is ignored.',
  schema: { type: 'string' },
} as const;

/** The header parameters of a request: those of all modes, and the attributes of binary mode. */
export function requestParameters(types: readonly string[], fifo: boolean): readonly object[] {
  return [IDEMPOTENCY_KEY, TRACEPARENT, ...Object.entries(ATTRIBUTES).flatMap(headerOf)];

  function headerOf([name, { description, ...schema }]: [
    string,
    object & { description: string },
  ]): object[] {
    if (NOT_IN_HEADERS.includes(name)) return [];
    const need = requiredIn(fifo).includes(name) ? 'is required' : 'is optional';
    return [
      {
        name: `ce-${name}`,
        in: 'header',
        // It can be required only in binary mode, which OpenAPI cannot express.
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
 * The rules that decide the content mode of a request, which OpenAPI cannot express: patterns of the content type with its parameters, and
 * the headers of binary mode.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md#3-http-message-mapping
 */
export function contentModes(fifo: boolean): object {
  return {
    structured: { contentType: { pattern: STRUCTURED_PATTERN } },
    batched: { contentType: { pattern: BATCHED_PATTERN } },
    binary: {
      contentType: { pattern: BINARY_PATTERN },
      requiredHeaders: requiredIn(fifo).map((name) => `ce-${name}`),
      otherHeaders: {
        name: { pattern: `^ce-(?!(?:${[...NOT_IN_HEADERS, ...BUS_ATTRIBUTES].join('|')})$)[a-z0-9]+$` },
        schema: EXTENSION_TEXT,
      },
    },
  };
}
