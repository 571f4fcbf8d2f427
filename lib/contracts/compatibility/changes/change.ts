/**
 * Whom a change breaks: `producers`, who go on publishing the old shape (the new one does not take it: not BACKWARD compatible),
 * or `consumers`, who go on reading with the old shape (it does not take what is published now: not FORWARD compatible).
 *
 * @see https://docs.confluent.io/platform/current/schema-registry/fundamentals/schema-evolution.html
 */
export type Side = 'producers' | 'consumers';

/** One difference between two shapes of the same data. */
export interface Change {
  /** JSON pointer into the schema as it was published, or, for what is new, into the schema as it is now. */
  readonly pointer: string;
  readonly detail: string;
  /** Nobody, when the change is compatible. */
  readonly breaks: readonly Side[];
  /** Whom it breaks although all data is taken as before, for it means something else. */
  readonly byMeaning?: readonly Side[];
}

/** What shows that a side is broken: data that it has, and that the other one refuses; or why that cannot be said for sure. */
export type Proof =
  | { readonly side: Side; readonly datum: unknown }
  | { readonly side: Side; readonly why: string };

/** How two shapes of the same data differ. */
export interface Comparison {
  readonly changes: readonly Change[];
  /** For each side that is broken by data, and not by what it means. */
  readonly proofs: readonly Proof[];
}

export const NARROWED: readonly Side[] = ['producers'];
export const WIDENED: readonly Side[] = ['consumers'];
export const CHANGED: readonly Side[] = ['producers', 'consumers'];
export const COMPATIBLE: readonly Side[] = [];

/** A pointer one step deeper. @see https://datatracker.ietf.org/doc/html/rfc6901 */
export function deeper(pointer: string, ...names: readonly (string | number)[]): string {
  return names.reduce<string>(
    (path, name) => `${path}/${String(name).replaceAll('~', '~0').replaceAll('/', '~1')}`,
    pointer,
  );
}
