import { JsonError, toJson } from '../../contracts/json/json.ts';
import { parseStoredJson } from '../../contracts/json/stored-json.ts';
import { describeThrown } from '../../contracts/text/problem.ts';

/** A type whose members, at any depth, cannot be changed. */
export type Frozen<Value> = unknown extends Value
  ? Value
  : Value extends string | number | boolean | bigint | symbol | null | undefined
    ? Value
    : { readonly [Name in keyof Value]: Frozen<Value[Name]> };

/**
 * Freezes a value and all that is in it. A change of it throws a TypeError then. A value that is frozen is looked into too: zod's `.readonly()`
 * freezes no deeper.
 *
 * @param seen what has been frozen already, so that a value that contains itself ends. @default - nothing
 */
export function freeze<Value>(value: Value, seen = new Set<object>()): Value {
  if (typeof value !== 'object' || value === null || seen.has(value)) return value;
  seen.add(Object.freeze(value));
  for (const inner of Object.values(value)) freeze(inner, seen);
  return value;
}

/**
 * The data as JSON. It accepts what `ctx.emit` does, and the pointers of what is wrong begin with `/data`, as there.
 *
 * @param what names the data in the error
 * @throws TypeError when JSON would change it
 */
export function jsonOf(data: unknown, what: string): string {
  if (data === undefined) throw new TypeError(`${what} cannot be stored as JSON: it is undefined`);
  try {
    return toJson({ data }).slice('{"data":'.length, -'}'.length);
  } catch (cause) {
    const reason = describeThrown(cause);
    // The problems are the whole reason. Another error is of the code in the data, and has a stack.
    throw new TypeError(
      `${what} cannot be stored as JSON: ${reason}`,
      cause instanceof JsonError ? {} : { cause },
    );
  }
}

/**
 * A copy of data as it is read from JSON, which does not change when the data does.
 *
 * @param what names the data in the error
 * @throws TypeError when JSON would change it
 */
export function copyOf(data: unknown, what: string): unknown {
  return parseStoredJson(jsonOf(data, what), what);
}
