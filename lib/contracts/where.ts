/**
 * What a consumer may ask of an event's data, so that SNS delivers nothing else. A condition is about the data as the contract of the
 * version that was published reads it: with defaults filled in, before any upcast.
 *
 * @example
 * defineConsumer({
 *   listensTo: [OrderPlaced],
 *   where: { 'shop.OrderPlaced': { totalMinor: greaterThan(10_000), 'address.country': oneOf('DE', 'AT') } },
 * });
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
 */

/** A JSON value that can be compared: SNS looks at single values. */
export type Scalar = string | number | boolean | null;

/** One thing that a value may match, as a filter policy says it. */
export type Alternative =
  | Scalar
  | { readonly prefix: string }
  | { readonly suffix: string }
  | { readonly 'equals-ignore-case': string }
  | { readonly 'anything-but': readonly (string | number)[] }
  | { readonly numeric: readonly (string | number)[] }
  | { readonly exists: boolean };

/** What is asked of one value: that it matches any of these. */
export interface Condition<Value extends Scalar = Scalar> {
  readonly anyOf: readonly Alternative[];
  /** Never there; ties the condition to the type of the values that it is for. */
  readonly value?: Value;
}

/** Conditions on the data of one event, by the path of a value in it (`total`, `address.country`). All have to hold. */
export type Where<Data> = {
  readonly [Path in PathOf<Data>]?: Condition<Extract<ValueAt<Data, Path>, Scalar>>;
};

/** Any conditions on the data of one event. */
export type DataFilter = Readonly<Partial<Record<string, Condition>>>;

/** It is one of these. */
export function oneOf<Value extends Scalar>(...values: readonly [Value, ...Value[]]): Condition<Value> {
  return { anyOf: values };
}

/** It is there, and none of these; null is none of them. */
export function noneOf<Value extends string | number>(
  ...values: readonly [Value, ...Value[]]
): Condition<Value> {
  return { anyOf: [{ 'anything-but': values }] };
}

/** It begins with one of these. */
export function startsWith<Value extends string>(
  ...prefixes: readonly [string, ...string[]]
): Condition<Value> {
  return { anyOf: prefixes.map((prefix) => ({ prefix })) };
}

/** It ends with one of these. */
export function endsWith<Value extends string>(
  ...suffixes: readonly [string, ...string[]]
): Condition<Value> {
  return { anyOf: suffixes.map((suffix) => ({ suffix })) };
}

/** It is one of these, in small letters or capitals. */
export function ignoringCase<Value extends string>(
  ...values: readonly [string, ...string[]]
): Condition<Value> {
  return { anyOf: values.map((value) => ({ 'equals-ignore-case': value })) };
}

/**
 * It is a number greater than this. SNS compares numbers from -1,000,000,000 to 1,000,000,000, to five decimals: a larger
 * one in an event matches no comparison.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html
 */
export function greaterThan<Value extends number>(bound: number): Condition<Value> {
  return { anyOf: [{ numeric: ['>', bound] }] };
}

/** It is this number or greater. Read {@link greaterThan} on the range of numbers. */
export function atLeast<Value extends number>(bound: number): Condition<Value> {
  return { anyOf: [{ numeric: ['>=', bound] }] };
}

/** It is a number less than this. Read {@link greaterThan} on the range of numbers. */
export function lessThan<Value extends number>(bound: number): Condition<Value> {
  return { anyOf: [{ numeric: ['<', bound] }] };
}

/** It is this number or less. Read {@link greaterThan} on the range of numbers. */
export function atMost<Value extends number>(bound: number): Condition<Value> {
  return { anyOf: [{ numeric: ['<=', bound] }] };
}

/** It is a number from the first to the second, both included. Read {@link greaterThan} on the range of numbers. */
export function between<Value extends number>(lowest: number, highest: number): Condition<Value> {
  return { anyOf: [{ numeric: ['>=', lowest, '<=', highest] }] };
}

/** It is there; null is there too. */
export function present<Value extends Scalar>(): Condition<Value> {
  return { anyOf: [{ exists: true }] };
}

/** It is not there. Where it may also be null, ask for {@link absentOrNull}. */
export function absent<Value extends Scalar>(): Condition<Value> {
  return { anyOf: [{ exists: false }] };
}

/** It is not there, or null. */
export function absentOrNull<Value extends Scalar>(): Condition<Value> {
  return { anyOf: [{ exists: false }, null] };
}

/** How many names a path may have: contracts can be recursive. */
type Shallower = [never, 0, 1, 2, 3];

/** The path of every single value in data: through objects, not where a list may be. Distributes over unions. */
type PathOf<Data, Left extends number = 4> = [Left] extends [never]
  ? never
  : Data extends object
    ? HasList<Data> extends true
      ? never
      : { [Name in keyof Data & string]-?: PathFrom<Data[Name], Name, Left> }[keyof Data & string]
    : never;

/** SNS lets an event through if any element of a list matches, so what may be a list has no path. */
type PathFrom<Value, Name extends string, Left extends number> =
  HasList<Value> extends true ? never : PathFromSingle<Value, Name, Left>;

type PathFromSingle<Value, Name extends string, Left extends number> = Value extends Scalar
  ? Name
  : Value extends object
    ? `${Name}.${PathOf<Value, Shallower[Left]>}`
    : never;

/** Whether a type is a list, or a union with one. */
type HasList<Value> = [Extract<Value, readonly unknown[]>] extends [never] ? false : true;

/** What is at a path. Distributes over unions. */
type ValueAt<Data, Path extends string> = Data extends object
  ? Path extends `${infer Name}.${infer Rest}`
    ? Name extends keyof Data
      ? ValueAt<Data[Name], Rest>
      : never
    : Path extends keyof Data
      ? Data[Path]
      : never
  : never;
