import {
  hasAllowedCharacters,
  isAbsoluteUri,
  isBase64,
  isInteger,
  isText,
  isTimestamp,
  isUriReference,
} from './attribute-types.ts';
import { isJsonObject } from './json.ts';
import { jsonPointer, type Problem } from './problem.ts';

/** The media types of CloudEvents in JSON, and the specification's version that Fanfare speaks. */
export const CLOUDEVENTS_JSON = 'application/cloudevents+json';
export const CLOUDEVENTS_BATCH_JSON = 'application/cloudevents-batch+json';
export const SPEC_VERSION = '1.0';

/** Longest `id` and `source` together: the pair is a DynamoDB partition key (2,048 bytes at most). */
const MAX_IDENTITY_BYTES = 2047;
/** SNS takes a MessageGroupId of 128 characters at most, from this alphabet. */
const PARTITION_KEY_PATTERN = /^[A-Za-z0-9!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]{1,128}$/;
/**
 * The specification advises at most 20 characters, but does not forbid more.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md#attribute-naming-convention
 */
const ATTRIBUTE_NAME = /^[a-z0-9]+$/;
const RESERVED = new Set(['data', 'data_base64']);

/**
 * A CloudEvents 1.0 event in the JSON format.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md
 */
export interface Envelope<Data = unknown> {
  readonly specversion: typeof SPEC_VERSION;
  /** With `source`, identifies the event: the idempotency key. */
  readonly id: string;
  /** URI-reference of what the event came from. */
  readonly source: string;
  /** Name and version of the fact: `shop.OrderPlaced.v1`. */
  readonly type: string;
  readonly subject?: string;
  /** RFC 3339 time of the fact. */
  readonly time?: string;
  readonly datacontenttype?: string;
  readonly dataschema?: string;
  readonly data?: Data;
  readonly data_base64?: string;
  /** The story that this event belongs to: the id of its first event, unless the publisher named it. */
  readonly correlationid?: string;
  /** The id of the event that caused this one. */
  readonly causationid?: string;
  /** W3C trace context. @see https://www.w3.org/TR/trace-context/ */
  readonly traceparent?: string;
  /** Ordering and fairness: becomes the MessageGroupId of SNS and SQS. */
  readonly partitionkey?: string;
  /** Link to data kept elsewhere. */
  readonly dataref?: string;
  /** The type that an event had on the wire, when a consumer has read it as a newer version. */
  readonly upcastfrom?: string;
  /** Any other extension attribute. */
  readonly [attribute: string]: unknown;
}

/**
 * What identifies an event everywhere: `<source>|<id>`.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md#id
 */
export function identityOf(event: { readonly source: string; readonly id: string }): string {
  return `${event.source}|${event.id}`;
}

/** Whether the data of an event lies elsewhere: it carries only a link to it. */
export function lacksData({ data, data_base64, dataref }: Envelope): boolean {
  return dataref !== undefined && data === undefined && data_base64 === undefined;
}

/** Either an envelope that is right, or everything that is wrong with it. */
export type EnvelopeCheck =
  | { readonly event: Envelope; readonly problems?: never }
  | { readonly event?: never; readonly problems: readonly [Problem, ...Problem[]] };

/**
 * Checks a parsed JSON value against the CloudEvents specification (its data is the contract's matter). The event that
 * comes out has no null attributes: the JSON format makes no difference between null and absent.
 */
export function checkEnvelope(value: unknown): EnvelopeCheck {
  if (!isJsonObject(value))
    return { problems: [{ pointer: '', detail: 'must be a JSON object: a CloudEvent' }] };
  const event = withoutNulls(value);
  const problems = [...requiredProblems(event), ...optionalProblems(event), ...attributeProblems(event)];
  const [first, ...rest] = problems;
  // The checks above have established every attribute that the type names.
  return first ? { problems: [first, ...rest] } : { event: event as Envelope };
}

/** The event without attributes that are null, which the JSON format takes for absent. Null data is data. */
export function withoutNulls(event: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(event).filter(([name, value]) => value !== null || name === 'data'),
  );
}

/** The text of an event, as it travels: compact JSON. */
export function serializeEnvelope(event: Envelope): string {
  return JSON.stringify(event);
}

function* requiredProblems(value: Readonly<Record<string, unknown>>): Iterable<Problem> {
  if (value.specversion !== SPEC_VERSION) {
    yield { pointer: '/specversion', detail: `must be "${SPEC_VERSION}"` };
  }
  for (const name of ['id', 'source', 'type']) {
    if (!isText(value[name])) yield { pointer: `/${name}`, detail: 'must be a non-empty string' };
  }
  if (isText(value.id) && isText(value.source)) {
    const bytes = Buffer.byteLength(value.id) + Buffer.byteLength(value.source);
    if (bytes > MAX_IDENTITY_BYTES) {
      yield {
        pointer: '/id',
        detail: `and source together have ${bytes} bytes; at most ${MAX_IDENTITY_BYTES} are allowed`,
      };
    }
  }
  if (isText(value.source) && !isUriReference(value.source)) {
    yield { pointer: '/source', detail: 'must be a URI-reference, for example "/shop/checkout"' };
  }
}

function* optionalProblems(value: Readonly<Record<string, unknown>>): Iterable<Problem> {
  for (const name of [
    'subject',
    'datacontenttype',
    'dataref',
    'correlationid',
    'causationid',
    'traceparent',
  ]) {
    if (value[name] !== undefined && !isText(value[name])) {
      yield { pointer: `/${name}`, detail: 'must be a non-empty string when present' };
    }
  }
  if (value.time !== undefined && !isTimestamp(value.time)) {
    yield {
      pointer: '/time',
      detail: 'must be an RFC 3339 timestamp (no leap second), for example "2026-01-31T12:00:00Z"',
    };
  }
  if (value.dataschema !== undefined && !isAbsoluteUri(value.dataschema)) {
    yield { pointer: '/dataschema', detail: 'must be an absolute URI' };
  }
  if (
    value.partitionkey !== undefined &&
    !(isText(value.partitionkey) && PARTITION_KEY_PATTERN.test(value.partitionkey))
  ) {
    yield { pointer: '/partitionkey', detail: 'must have 1 to 128 letters, digits or ASCII punctuation' };
  }
  if (value.data !== undefined && value.data_base64 !== undefined) {
    yield { pointer: '/data_base64', detail: 'must not be there beside data: an event has one or the other' };
  }
  if (value.data_base64 !== undefined && !isBase64(value.data_base64)) {
    yield { pointer: '/data_base64', detail: 'must be base64 (RFC 4648)' };
  }
}

function* attributeProblems(value: Readonly<Record<string, unknown>>): Iterable<Problem> {
  for (const [name, attribute] of Object.entries(value)) {
    if (RESERVED.has(name)) continue;
    const pointer = jsonPointer([name]);
    if (!ATTRIBUTE_NAME.test(name)) {
      yield { pointer, detail: 'is no attribute name: only lower-case letters and digits are allowed' };
    } else if (typeof attribute === 'string' && !hasAllowedCharacters(attribute)) {
      yield { pointer, detail: 'has a control character, half of a surrogate pair or a noncharacter' };
    } else if (typeof attribute === 'number' && !isInteger(attribute)) {
      yield { pointer, detail: 'must be a whole number of 32 bits; send other numbers as strings' };
    } else if (typeof attribute === 'object') {
      yield { pointer, detail: 'must be a string, a whole number or a boolean' };
    }
  }
}
