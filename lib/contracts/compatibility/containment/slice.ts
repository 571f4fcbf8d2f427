import type { Node, Reading } from './node.ts';

/** The types of JSON; whole numbers are numbers with a step of 1. */
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

/** Text within two lengths that passes all the tests. */
export interface TextRange {
  readonly min: number;
  readonly max: number;
  readonly tests: readonly TextTest[];
}

/** A pattern or a format. */
export interface TextTest {
  /** The same for the same test. */
  readonly key: string;
  /** Undefined when that cannot be said here, as for a format that is not known. */
  readonly passes: (text: string) => boolean | undefined;
  /** No text that passes is shorter, or longer. */
  readonly min: number;
  readonly max: number;
  /** Texts that may pass. */
  readonly samples: () => readonly string[];
}

/** What the items of an array have to be. */
export interface ListPart {
  readonly prefix: readonly Node[];
  readonly rest: Node;
  readonly min: number;
  readonly max: number;
}

/** What the fields of an object have to be. */
export interface ObjectPart {
  readonly reading: Reading;
  /** All of the schemas of a field hold. */
  readonly fields: ReadonlyMap<string, readonly Node[]>;
  readonly required: ReadonlySet<string>;
  /** What fields without a name have to be; `closed` when there may be none, `open` when nothing is said of them. */
  readonly others: readonly Node[] | 'closed' | 'open';
  readonly names: readonly Node[];
}

/** Data of one type that keeps all of this. What a schema takes is a union of slices. */
export interface Slice {
  readonly kind: Kind;
  /** Which part of which schema this is: the same for the same constraints. */
  readonly id: string;
  /** Slices that take all that this one takes, by their ids. */
  readonly within: readonly string[];
  /** Only these, if there is such a list. */
  readonly values?: readonly unknown[];
  readonly number: NumberRange;
  readonly text: TextRange;
  /** All of them hold. */
  readonly lists: readonly ListPart[];
  readonly objects: readonly ObjectPart[];
  /** None of these holds. */
  readonly not: readonly Node[];
  /** Keywords that cannot be compared, with their values. */
  readonly opaque: readonly string[];
}

/** All data of a type. */
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

/** The type of a value of JSON. */
export function kindOf(value: unknown): Kind {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  const type = typeof value;
  return type === 'boolean' || type === 'number' || type === 'string' ? type : 'object';
}
