/** A type whose members, at any depth, cannot be changed. */
export type Frozen<Value> = unknown extends Value
  ? Value
  : Value extends string | number | boolean | bigint | symbol | null | undefined
    ? Value
    : { readonly [Name in keyof Value]: Frozen<Value[Name]> };

/** Freezes a value and all that is in it. A change of it throws a TypeError then. */
export function freeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) freeze(inner);
  return value;
}

/** The data as JSON. @param what names the data in the error @throws TypeError when it cannot be stored */
export function jsonOf(data: unknown, what: string): string {
  let json: string | undefined;
  try {
    json = JSON.stringify(data);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TypeError(`${what} cannot be stored as JSON: ${reason}`, { cause });
  }
  if (json === undefined) throw new TypeError(`${what} cannot be stored as JSON: its type is ${typeof data}`);
  return json;
}

/**
 * A copy of data as it is read from JSON, which does not change when the data does.
 *
 * @param what names the data in the error
 * @throws TypeError when it cannot be stored
 */
export function copyOf(data: unknown, what: string): unknown {
  return JSON.parse(jsonOf(data, what));
}
