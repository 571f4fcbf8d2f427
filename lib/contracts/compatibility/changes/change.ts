/**
 * The side that a change breaks. `producers`: the new schema refuses data that producers of the old schema still publish (not BACKWARD
 * compatible). `consumers`: the old schema, with which consumers still read, refuses data that is published now (not FORWARD compatible).
 *
 * @see https://docs.confluent.io/platform/current/schema-registry/fundamentals/schema-evolution.html
 */
export type Side = 'producers' | 'consumers';

/** One difference between two schemas of the same data. */
export interface Change {
  /** JSON pointer into the published schema or, for a new part, into the current schema. */
  readonly pointer: string;
  readonly detail: string;
  /** The sides that the change breaks; empty when the change is compatible. */
  readonly breaks: readonly Side[];
  /** The sides that it breaks because the same data has another meaning, although it is still accepted. */
  readonly byMeaning?: readonly Side[];
}

/** Why a side is broken: a `datum` that one side sends and the other refuses, or `why` this cannot be decided. */
export type Proof =
  | { readonly side: Side; readonly datum: unknown }
  | { readonly side: Side; readonly why: string };

/** The differences between two schemas of the same data. */
export interface Comparison {
  readonly changes: readonly Change[];
  /** One for each side that data breaks. There is none for a side that only a change of meaning breaks. */
  readonly proofs: readonly Proof[];
}

export const NARROWED: readonly Side[] = ['producers'];
export const WIDENED: readonly Side[] = ['consumers'];
export const CHANGED: readonly Side[] = ['producers', 'consumers'];
export const COMPATIBLE: readonly Side[] = [];

/** A JSON pointer with more steps at its end. @see https://datatracker.ietf.org/doc/html/rfc6901 */
export function deeper(pointer: string, ...names: readonly (string | number)[]): string {
  return names.reduce<string>(
    (path, name) => `${path}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`,
    pointer,
  );
}
