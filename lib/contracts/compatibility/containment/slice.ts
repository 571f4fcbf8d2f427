import type { Node, Reading } from './node.ts';

/** The types of JSON. Integers are numbers with a step of 1. */
export type Kind = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object';

export const KINDS: readonly Kind[] = ['null', 'boolean', 'number', 'string', 'array', 'object'];

/** Numbers between two bounds that are multiples of all the steps. */
export interface NumberRange {
  readonly min: number;
  readonly max: number;
  readonly minExcluded: boolean;
  readonly maxExcluded: boolean;
  readonly steps: readonly number[];
}

/** Texts between two lengths that pass all tests. */
export interface TextRange {
  readonly min: number;
  readonly max: number;
  readonly tests: readonly TextTest[];
}

/** A pattern or a format. */
export interface TextTest {
  /** Identifies the test: equal tests have the same key. */
  readonly key: string;
  /** Whether a text passes; undefined when it is unclear, for example for an unknown format. */
  readonly passes: (text: string) => boolean | undefined;
  /** Minimum length of a text that passes. */
  readonly min: number;
  /** Maximum length of a text that passes. */
  readonly max: number;
  /** Texts that may pass. */
  readonly samples: () => readonly string[];
}

/** Constraints on the items of an array. */
export interface ListPart {
  readonly prefix: readonly Node[];
  readonly rest: Node;
  readonly min: number;
  readonly max: number;
}

/** Constraints on the fields of an object. */
export interface ObjectPart {
  readonly reading: Reading;
  /** The schemas of each field. All of them have to hold. */
  readonly fields: ReadonlyMap<string, readonly Node[]>;
  readonly required: ReadonlySet<string>;
  /** The schemas of other fields; `closed` when there may be none, `open` when there is no rule for them. */
  readonly others: readonly Node[] | 'closed' | 'open';
  readonly names: readonly Node[];
}

/** Data of one type that keeps all these constraints. The data that a schema accepts is a union of slices. */
export interface Slice {
  readonly kind: Kind;
  /** Identifies the slice: slices with the same constraints have the same id. */
  readonly id: string;
  /** Ids of slices that contain this slice. */
  readonly within: readonly string[];
  /** The list of allowed values; absent when there is no such list. */
  readonly values?: readonly unknown[];
  readonly number: NumberRange;
  readonly text: TextRange;
  /** All of these constraints have to hold. */
  readonly lists: readonly ListPart[];
  /** All of these constraints have to hold. */
  readonly objects: readonly ObjectPart[];
  /** None of these schemas may hold. */
  readonly not: readonly Node[];
  /** Keywords that cannot be compared, with their values. */
  readonly opaque: readonly string[];
}

/** The slice with all data of a type. */
export function wholeSlice(kind: Kind): Slice {
  const values = kind === 'null' ? [null] : kind === 'boolean' ? [false, true] : undefined;
  return {
    kind,
    id: kind,
    within: [kind],
    ...(values && { values }),
    number: {
      min: Number.NEGATIVE_INFINITY,
      max: Number.POSITIVE_INFINITY,
      minExcluded: false,
      maxExcluded: false,
      steps: [],
    },
    text: { min: 0, max: Number.POSITIVE_INFINITY, tests: [] },
    lists: [],
    objects: [],
    not: [],
    opaque: [],
  };
}

/** The type of a JSON value. */
export function kindOf(value: unknown): Kind {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  const type = typeof value;
  return type === 'boolean' || type === 'number' || type === 'string' ? type : 'object';
}
