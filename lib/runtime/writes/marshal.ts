import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { numberText } from './number-text.ts';

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-attributes */
const MAX_DEPTH = 32;

/**
 * The attributes of an object, as DynamoDB wants them. Members that are undefined are left out.
 *
 * @param path what the object is called in an error, such as `Item`
 * @throws TypeError naming the first value that cannot be written, with its path
 */
export function marshalMembers(object: object, path: string, depth = 0): Record<string, AttributeValue> {
  if (typeof object !== 'object' || object === null)
    throw new TypeError(
      `${path} is ${object === null ? 'null' : typeof object}; give an object with the attributes`,
    );
  const attributes: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(object)) {
    if (value !== undefined)
      define(attributes, wellFormed(name, path), marshal(value, memberPath(path, name), depth));
  }
  return attributes;
}

/** @throws TypeError when it cannot be written, undefined included */
export function marshal(value: unknown, path: string, depth = 0): AttributeValue {
  if (depth >= MAX_DEPTH && typeof value === 'object' && value !== null && !(value instanceof Uint8Array))
    throw new TypeError(`${path} is nested deeper than ${MAX_DEPTH}, or in itself`);
  switch (typeof value) {
    case 'string':
      return { S: wellFormed(value, path) };
    case 'number':
    case 'bigint':
      return { N: numberText(value, path) };
    case 'boolean':
      return { BOOL: value };
    case 'object':
      return value === null ? { NULL: true } : marshalObject(value, path, depth);
    default:
      throw new TypeError(
        `${path} is ${value === undefined ? 'undefined' : `a ${typeof value}`}; DynamoDB has no such value`,
      );
  }
}

function marshalObject(value: object, path: string, depth: number): AttributeValue {
  if (Array.isArray(value)) {
    return { L: Array.from(value, (one, index) => marshal(one, `${path}[${index}]`, depth + 1)) };
  }
  if (value instanceof Uint8Array) return { B: value };
  if (value instanceof Set) return marshalSet([...value], path);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) {
    return { M: marshalMembers(value, path, depth + 1) };
  }
  const what = value.constructor?.name || 'an object of a class';
  const instead = value instanceof Date ? 'a string (toISOString) or a number' : 'a plain object';
  throw new TypeError(`${path} is a ${what}; write ${instead}`);
}

/** DynamoDB has sets of texts, of numbers and of bytes, and no empty ones. */
function marshalSet(members: unknown[], path: string): AttributeValue {
  if (members.length === 0) throw new TypeError(`${path} is an empty set; DynamoDB has none, leave it out`);
  if (members.every((one) => typeof one === 'string')) {
    return { SS: members.map((text) => wellFormed(text, path)) };
  }
  if (members.every((one) => one instanceof Uint8Array)) {
    const texts = new Set(members.map((bytes) => Buffer.from(bytes).toString('base64')));
    if (texts.size === members.length) return { BS: members };
    throw new TypeError(`${path} is a set that has the same bytes twice`);
  }
  if (members.every((one) => typeof one === 'number' || typeof one === 'bigint')) {
    const texts = members.map((one) => numberText(one, path));
    const twice = texts.find((text, index) => texts.indexOf(text) !== index);
    if (twice === undefined) return { NS: texts };
    throw new TypeError(`${path} is a set that has ${twice} twice, as a number and as a bigint`);
  }
  throw new TypeError(`${path} is a set of several kinds, or of what is no text, number or bytes`);
}

/** UTF-8 has no lone surrogates. */
function wellFormed(text: string, path: string): string {
  if (text.isWellFormed()) return text;
  throw new TypeError(`${path} has text with half of a surrogate pair, which UTF-8 cannot encode`);
}

/** A name such as __proto__ is a member like any other. */
function define(attributes: Record<string, AttributeValue>, name: string, value: AttributeValue): void {
  if (name === '__proto__') Object.defineProperty(attributes, name, { value, enumerable: true });
  else attributes[name] = value;
}

function memberPath(path: string, name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? `${path}.${name}` : `${path}['${name}']`;
}
