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

/**
 * A copy of data, which does not change when the data does.
 *
 * @param what the data's name in the error
 * @throws TypeError when it has something that cannot be copied, such as a function
 */
export function copyOf(data: unknown, what: string): unknown {
  try {
    return structuredClone(data);
  } catch (cause) {
    throw new TypeError(`${what} has a value that is no data: ${cause}`, { cause });
  }
}
