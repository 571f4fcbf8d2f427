import { jsonPointer, type Problem } from '../text/problem.ts';
import { NAME_PATTERN, PARTITION_KEY_PATTERN } from './attribute-patterns.ts';
import {
  hasAllowedCharacters,
  isAbsoluteUri,
  isInteger,
  isJsonMediaType,
  isText,
  isTimestamp,
  isUriReference,
} from './attribute-types.ts';

type Attributes = Readonly<Record<string, unknown>>;

/** The version of the CloudEvents specification. */
export const SPEC_VERSION = '1.0';
/**
 * Maximum bytes of `id` and `source` together. With a separator, they are a DynamoDB partition key, which has at most 2,048 bytes.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
export const MAX_IDENTITY_BYTES = 2047;
const PARTITION_KEY = new RegExp(PARTITION_KEY_PATTERN, 'u');
const ATTRIBUTE_NAME = new RegExp(NAME_PATTERN, 'u');
const RESERVED = new Set(['data', 'data_base64']);
/**
 * Attributes that are copied to the events that a consumer emits, and so leave it no room when they are long. They have the same limit as an
 * id, which the first two usually are. The others that are copied have a short form of their own: `partitionkey` and `traceparent`.
 */
const INHERITED = ['correlationid', 'causationid', 'tenant'];

/** Optional attributes that may not be empty. */
const TEXTS = ['subject', 'datacontenttype', 'correlationid', 'causationid', 'traceparent'];

/** The problems of the required attributes. */
export function* requiredProblems(value: Attributes): Iterable<Problem> {
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

/** The problems of the optional attributes, and of the data's media type. */
export function* optionalProblems(value: Attributes): Iterable<Problem> {
  for (const name of TEXTS) {
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
  if (value.deliverat !== undefined && !isTimestamp(value.deliverat)) {
    yield {
      pointer: '/deliverat',
      detail: 'must be an RFC 3339 timestamp (no leap second), for example "2026-01-31T12:00:00Z"',
    };
  }
  if (value.dataschema !== undefined && !isAbsoluteUri(value.dataschema)) {
    yield { pointer: '/dataschema', detail: 'must be an absolute URI' };
  }
  if (value.dataref !== undefined && !isUriReference(value.dataref)) {
    yield { pointer: '/dataref', detail: 'must be a URI-reference' };
  }
  if (
    value.partitionkey !== undefined &&
    !(isText(value.partitionkey) && PARTITION_KEY.test(value.partitionkey))
  ) {
    yield { pointer: '/partitionkey', detail: 'must have 1 to 128 letters, digits or ASCII punctuation' };
  }
  yield* inheritedProblems(value);
  yield* dataProblems(value);
}

function* inheritedProblems(value: Attributes): Iterable<Problem> {
  for (const name of INHERITED) {
    const attribute = value[name];
    const bytes = typeof attribute === 'string' ? Buffer.byteLength(attribute) : 0;
    if (bytes > MAX_IDENTITY_BYTES) {
      yield { pointer: `/${name}`, detail: `has ${bytes} bytes; at most ${MAX_IDENTITY_BYTES} are allowed` };
    }
  }
}

/** Data that is not JSON has its own problem, so that it is not reported as a broken contract. */
function* dataProblems({ data_base64, datacontenttype }: Attributes): Iterable<Problem> {
  if (data_base64 !== undefined) {
    yield { pointer: '/data_base64', detail: 'is not allowed: the data has to be JSON; send it as data' };
  }
  if (isText(datacontenttype) && !isJsonMediaType(datacontenttype)) {
    yield { pointer: '/datacontenttype', detail: `is '${datacontenttype}', but the data has to be JSON` };
  }
}

/** Whether an event may have a member with this name. */
export function isAttributeName(name: string): boolean {
  return RESERVED.has(name) || ATTRIBUTE_NAME.test(name);
}

/** The problems of attribute names, of the types of extensions, and of the characters in texts. */
export function* attributeProblems(value: Attributes): Iterable<Problem> {
  for (const [name, attribute] of Object.entries(value)) {
    if (RESERVED.has(name)) continue;
    const pointer = jsonPointer([name]);
    if (!isAttributeName(name)) {
      yield { pointer, detail: 'is not an attribute name: only lower-case letters and digits are allowed' };
    } else if (typeof attribute === 'string' && !hasAllowedCharacters(attribute)) {
      yield { pointer, detail: 'has a control character, a lone surrogate or a noncharacter' };
    } else if (typeof attribute === 'number' && !isInteger(attribute)) {
      yield { pointer, detail: 'must be a 32-bit integer; send other numbers as strings' };
    } else if (typeof attribute === 'object') {
      yield { pointer, detail: 'must be a string, an integer or a boolean' };
    }
  }
}
