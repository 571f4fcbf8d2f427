/** A member of a DynamoDB set. All of one set are of one kind: texts, numbers or bytes. */
export type SetMember = string | number | bigint | Uint8Array;

/** What can be written as it is in JavaScript. A member of an object that is undefined is left out, as in JSON. */
export type NativeValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | Uint8Array
  | ReadonlySet<SetMember>
  | readonly NativeValue[]
  | NativeItem;

/** An object of such values. Spread what is of an interface: `{ ...order }`. */
export interface NativeItem {
  readonly [attribute: string]: NativeValue;
}
