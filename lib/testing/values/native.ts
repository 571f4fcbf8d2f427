import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** An item of a table as plain JavaScript: texts, numbers, booleans, null, arrays, objects, Set and Uint8Array. */
export type NativeItem = Readonly<Record<string, unknown>>;

type Attributes = Readonly<Record<string, AttributeValue>>;

/** Reads an item as plain JavaScript. A whole number that a double cannot hold becomes a bigint. */
export function toNative(item: Attributes): NativeItem {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, toNativeValue(value)]));
}

/** @throws TypeError when the attribute has no type that DynamoDB knows */
export function toNativeValue(value: AttributeValue): unknown {
  if (value.S !== undefined) return value.S;
  if (value.N !== undefined) return toNumber(value.N);
  if (value.BOOL !== undefined) return value.BOOL;
  if (value.NULL !== undefined) return null;
  if (value.L !== undefined) return value.L.map(toNativeValue);
  if (value.M !== undefined) return toNative(value.M);
  if (value.B !== undefined) return value.B;
  if (value.SS !== undefined) return new Set(value.SS);
  if (value.NS !== undefined) return new Set(value.NS.map(toNumber));
  if (value.BS !== undefined) return new Set(value.BS);
  throw new TypeError(`an attribute value has no known type: ${JSON.stringify(value)}`);
}

function toNumber(text: string): number | bigint {
  const number = Number(text);
  return Number.isInteger(number) && !Number.isSafeInteger(number) && /^-?\d+$/.test(text)
    ? BigInt(text)
    : number;
}

/**
 * Writes plain JavaScript as an item. Members that are undefined are left out, as in JSON.
 *
 * @throws TypeError naming the attribute that DynamoDB cannot keep, such as a Date
 */
export function fromNative(item: NativeItem): Record<string, AttributeValue> {
  return Object.fromEntries(
    Object.entries(item).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, fromNativeValue(value, name)] as const],
    ),
  );
}

/** @param name of the attribute, for the error */
export function fromNativeValue(value: unknown, name: string): AttributeValue {
  if (value === null) return { NULL: true };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'boolean') return { BOOL: value };
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value)))
    return { N: String(value) };
  if (Array.isArray(value)) return { L: value.map((one) => fromNativeValue(one, name)) };
  if (value instanceof Uint8Array) return { B: value };
  if (value instanceof Set) return setValue([...value], name);
  if (isPlainObject(value)) return { M: fromNative(value) };
  throw new TypeError(
    `the attribute ${name} cannot be kept in DynamoDB: ${String(value)}; use text, a number, a boolean, null, an array, a plain object, a Set or bytes`,
  );
}

function setValue(members: unknown[], name: string): AttributeValue {
  if (members.every((one) => typeof one === 'string') && members.length > 0) return { SS: members };
  if (members.every((one) => typeof one === 'number' || typeof one === 'bigint') && members.length > 0)
    return { NS: members.map(String) };
  if (members.every((one) => one instanceof Uint8Array) && members.length > 0) return { BS: members };
  throw new TypeError(
    `the set ${name} cannot be kept in DynamoDB: it must have members, all texts, all numbers or all bytes`,
  );
}

function isPlainObject(value: unknown): value is NativeItem {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
