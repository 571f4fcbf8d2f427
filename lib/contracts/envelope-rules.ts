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
import { jsonPointer, type Problem } from './problem.ts';

type Attributes = Readonly<Record<string, unknown>>;

/** The version of the specification that Fanfare speaks. */
export const SPEC_VERSION = '1.0';
/** Longest `id` and `source` together: the pair is a DynamoDB partition key (2,048 bytes at most). */
export const MAX_IDENTITY_BYTES = 2047;
const PARTITION_KEY = new RegExp(PARTITION_KEY_PATTERN, 'u');
const ATTRIBUTE_NAME = new RegExp(NAME_PATTERN, 'u');
const RESERVED = new Set(['data', 'data_base64']);
/** Copied from an event to what is emitted in answer to it, so they may be as long as an id, which they mostly are, and no longer. */
const INHERITED = ['correlationid', 'causationid'];

/** Attributes that are never empty when they are there. */
const TEXTS = ['subject', 'datacontenttype', 'correlationid', 'causationid', 'traceparent'];

/** What is wrong with the attributes that an event must have. */
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

/** What is wrong with the other attributes that have a meaning, and with the kind of the data. */
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

/** The data of every contract is JSON: anything else is named as such, not as a broken contract. */
function* dataProblems({ data_base64, datacontenttype }: Attributes): Iterable<Problem> {
  if (data_base64 !== undefined) {
    yield { pointer: '/data_base64', detail: 'is not taken: the data is JSON; send it as data' };
  }
  if (isText(datacontenttype) && !isJsonMediaType(datacontenttype)) {
    yield { pointer: '/datacontenttype', detail: `is '${datacontenttype}', but the data is JSON` };
  }
}

/** Whether an event may have a member of this name. */
export function isAttributeName(name: string): boolean {
  return RESERVED.has(name) || ATTRIBUTE_NAME.test(name);
}

/** The attributes' names, the types of extensions, and the characters of every text. */
export function* attributeProblems(value: Attributes): Iterable<Problem> {
  for (const [name, attribute] of Object.entries(value)) {
    if (RESERVED.has(name)) continue;
    const pointer = jsonPointer([name]);
    if (!isAttributeName(name)) {
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
