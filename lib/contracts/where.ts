/**
 * Conditions on an event's data. SNS delivers only events that match. A condition is about the data as the contract of the published version
 * reads it: with defaults, before any upcast.
 *
 * @example
 * defineConsumer({
 *   listensTo: [OrderPlaced],
 *   where: { 'shop.OrderPlaced': { totalMinor: greaterThan(10_000), 'address.country': oneOf('DE', 'AT') } },
 * });
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
 */

/** A JSON value that SNS can compare: a single value, not a list or an object. */
export type Scalar = string | number | boolean | null;

/** One alternative of a condition, in the form of an SNS filter policy. */
export type Alternative =
  | Scalar
  | { readonly prefix: string }
  | { readonly suffix: string }
  | { readonly 'equals-ignore-case': string }
  | { readonly 'anything-but': readonly (string | number)[] }
  | { readonly numeric: readonly (string | number)[] }
  | { readonly exists: boolean };

/** A condition on one value. It holds if any of the alternatives matches. */
export interface Condition<Value extends Scalar = Scalar> {
  readonly anyOf: readonly Alternative[];
  /** Never set. It only binds the condition to the type of its values. */
  readonly value?: Value;
}

/** Conditions on the data of one event, by the path of a value (`total`, `address.country`). All conditions have to hold. */
export type Where<Data> = {
  readonly [Path in PathOf<Data>]?: Condition<Extract<ValueAt<Data, Path>, Scalar>>;
};

/** Conditions on the data of one event, without the types of its values. */
export type DataFilter = Readonly<Partial<Record<string, Condition>>>;

/** The value is one of these. */
export function oneOf<Value extends Scalar>(...values: readonly [Value, ...Value[]]): Condition<Value> {
  return { anyOf: values };
}

/** The value exists and is none of these. Null matches too. */
export function noneOf<Value extends string | number>(
  ...values: readonly [Value, ...Value[]]
): Condition<Value> {
  return { anyOf: [{ 'anything-but': values }] };
}

/** The value begins with one of these prefixes. */
export function startsWith<Value extends string>(
  ...prefixes: readonly [string, ...string[]]
): Condition<Value> {
  return { anyOf: prefixes.map((prefix) => ({ prefix })) };
}

/** The value ends with one of these suffixes. */
export function endsWith<Value extends string>(
  ...suffixes: readonly [string, ...string[]]
): Condition<Value> {
  return { anyOf: suffixes.map((suffix) => ({ suffix })) };
}

/** The value is one of these, in upper or lower case. */
export function ignoringCase<Value extends string>(
  ...values: readonly [string, ...string[]]
): Condition<Value> {
  return { anyOf: values.map((value) => ({ 'equals-ignore-case': value })) };
}

/**
 * The value is a number greater than this. SNS compares numbers from -1,000,000,000 to 1,000,000,000, with five decimals. A number outside
 * of this range matches no comparison.
 *
 * @see https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html
 */
export function greaterThan<Value extends number>(bound: number): Condition<Value> {
  return { anyOf: [{ numeric: ['>', bound] }] };
}

/** The value is this number or greater. See {@link greaterThan} for the range of numbers. */
export function atLeast<Value extends number>(bound: number): Condition<Value> {
  return { anyOf: [{ numeric: ['>=', bound] }] };
}

/** The value is a number less than this. See {@link greaterThan} for the range of numbers. */
export function lessThan<Value extends number>(bound: number): Condition<Value> {
  return { anyOf: [{ numeric: ['<', bound] }] };
}

/** The value is this number or less. See {@link greaterThan} for the range of numbers. */
export function atMost<Value extends number>(bound: number): Condition<Value> {
  return { anyOf: [{ numeric: ['<=', bound] }] };
}

/** The value is a number from `lowest` to `highest`, both included. See {@link greaterThan} for the range of numbers. */
export function between<Value extends number>(lowest: number, highest: number): Condition<Value> {
  return { anyOf: [{ numeric: ['>=', lowest, '<=', highest] }] };
}

/** The value exists. Null counts as a value. */
export function present<Value extends Scalar>(): Condition<Value> {
  return { anyOf: [{ exists: true }] };
}

/** The value does not exist. If it may also be null, use {@link absentOrNull}. */
export function absent<Value extends Scalar>(): Condition<Value> {
  return { anyOf: [{ exists: false }] };
}

/** The value does not exist, or is null. */
export function absentOrNull<Value extends Scalar>(): Condition<Value> {
  return { anyOf: [{ exists: false }, null] };
}

/** Limits the number of names in a path, because contracts can be recursive. */
type Shallower = [never, 0, 1, 2, 3];

/** The paths of all single values in data: through objects, but not through lists. It distributes over unions. */
type PathOf<Data, Left extends number = 4> = [Left] extends [never]
  ? never
  : Data extends object
    ? HasList<Data> extends true
      ? never
      : { [Name in keyof Data & string]-?: PathFrom<Data[Name], Name, Left> }[keyof Data & string]
    : never;

/** A value that may be a list has no path, because SNS delivers an event if any element of the list matches. */
type PathFrom<Value, Name extends string, Left extends number> =
  HasList<Value> extends true ? never : PathFromSingle<Value, Name, Left>;

type PathFromSingle<Value, Name extends string, Left extends number> = Value extends Scalar
  ? Name
  : Value extends object
    ? `${Name}.${PathOf<Value, Shallower[Left]>}`
    : never;

/** Whether a type is a list, or a union with a list. */
type HasList<Value> = [Extract<Value, readonly unknown[]>] extends [never] ? false : true;

/** The type of the value at a path. It distributes over unions. */
type ValueAt<Data, Path extends string> = Data extends object
  ? Path extends `${infer Name}.${infer Rest}`
    ? Name extends keyof Data
      ? ValueAt<Data[Name], Rest>
      : never
    : Path extends keyof Data
      ? Data[Path]
      : never
  : never;
