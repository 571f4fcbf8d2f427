import * as fc from 'fast-check';

/** A schema as data, so that it can be edited, and data can be made for it. */
export type Shape =
  | { readonly is: 'null' | 'boolean' | 'unknown' | 'self' }
  | { readonly is: 'string'; readonly min?: number; readonly max?: number; readonly pattern?: Pattern }
  | {
      readonly is: 'number';
      readonly whole: boolean;
      readonly min?: number;
      readonly max?: number;
      readonly above?: number;
      readonly step?: number;
    }
  | { readonly is: 'enum'; readonly values: readonly (string | number | boolean | null)[] }
  | { readonly is: 'object'; readonly others: Others; readonly fields: Fields }
  | { readonly is: 'array'; readonly item: Shape; readonly min?: number; readonly max?: number }
  | { readonly is: 'tuple'; readonly items: readonly Shape[]; readonly rest?: Shape }
  | { readonly is: 'record'; readonly names: 'any' | 'short' | 'all' | 'some'; readonly value: Shape }
  | { readonly is: 'union' | 'xor'; readonly options: readonly Shape[] }
  | { readonly is: 'tagged'; readonly options: readonly Fields[] }
  | { readonly is: 'nullable'; readonly inner: Shape }
  | { readonly is: 'default'; readonly inner: Shape; readonly value: Default }
  | { readonly is: 'both'; readonly left: Fields; readonly right: Fields; readonly words: boolean };

export type Others = 'open' | 'closed' | 'loose' | 'whole numbers' | 'text';

export type Default = string | number | boolean | null;

export const DEFAULTS: readonly [Default, ...Default[]] = ['a', 'b', 1, true, null];

export interface Field {
  readonly shape: Shape;
  readonly optional: boolean;
}

export type Fields = Readonly<Record<string, Field>>;

/** Patterns, and texts that keep them. */
export const PATTERNS = {
  upper: [/^[A-Z]{3}$/, 'EUR', 'USD'],
  letters: [/^[A-Za-z]{3}$/, 'EUR', 'abc'],
  digits: [/^\d+$/, '1', '42'],
  order: [/^order-/, 'order-1', 'order-'],
  units: [/^..$/, 'ab', '😀'],
  characters: [/^..$/u, 'ab', '😀😀'],
} as const;

export type Pattern = keyof typeof PATTERNS;

export const NAMES = ['a', 'b', 'c'];
export const RECORD_NAMES = ['x', 'y'] as const;

const bound = fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined });

/** Random shapes; what is within them is simpler than they are. */
export const { shape, fields } = fc.letrec<{ shape: Shape; fields: Fields; field: Field }>((tie) => ({
  shape: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'shape' },
    {
      weight: 3,
      arbitrary: fc.record({
        is: fc.constant('string' as const),
        min: bound,
        max: bound,
        pattern: fc.option(
          fc.constantFrom<Pattern>('upper', 'letters', 'digits', 'order', 'units', 'characters'),
          {
            nil: undefined,
          },
        ),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        is: fc.constant('number' as const),
        whole: fc.boolean(),
        min: bound,
        max: bound,
        above: bound,
        step: fc.option(fc.constantFrom(1, 2, 3, 0.5, 0.1), { nil: undefined }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        is: fc.constant('enum' as const),
        values: fc.uniqueArray(fc.constantFrom('a', 'b', 1, 2, true, false, null), {
          minLength: 1,
          maxLength: 4,
        }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        is: fc.constantFrom('null' as const, 'boolean' as const, 'unknown' as const, 'self' as const),
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({
        is: fc.constant('object' as const),
        others: fc.constantFrom<Others>('open', 'open', 'closed', 'loose', 'whole numbers', 'text'),
        fields: tie('fields'),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ is: fc.constant('array' as const), item: tie('shape'), min: bound, max: bound }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        is: fc.constant('tuple' as const),
        items: fc.array(tie('shape'), { minLength: 1, maxLength: 2 }),
        rest: fc.option(tie('shape'), { nil: undefined }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        is: fc.constant('record' as const),
        names: fc.constantFrom('any' as const, 'short' as const, 'all' as const, 'some' as const),
        value: tie('shape'),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        is: fc.constantFrom('union' as const, 'xor' as const),
        options: fc.array(tie('shape'), { minLength: 2, maxLength: 3 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        is: fc.constant('tagged' as const),
        options: fc.array(tie('fields'), { minLength: 2, maxLength: 3 }),
      }),
    },
    { weight: 2, arbitrary: fc.record({ is: fc.constant('nullable' as const), inner: tie('shape') }) },
    {
      weight: 2,
      arbitrary: fc.record({
        is: fc.constant('default' as const),
        inner: tie('shape'),
        value: fc.constantFrom(...DEFAULTS),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        is: fc.constant('both' as const),
        left: tie('fields'),
        right: tie('fields'),
        words: fc.boolean(),
      }),
    },
  ) as fc.Arbitrary<Shape>,
  field: fc.record({ shape: tie('shape'), optional: fc.boolean() }),
  fields: fc.dictionary(fc.constantFrom(...NAMES), tie('field'), { maxKeys: 3, noNullPrototype: true }),
}));
