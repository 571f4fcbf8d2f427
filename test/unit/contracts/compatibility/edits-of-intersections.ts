import * as z from 'zod';
import { both, consumers, type EditRow, nobody, producers } from './edit-row.ts';

const inF = (before: z.ZodType, after: z.ZodType) =>
  [z.object({ f: before }), z.object({ f: after })] as const;

const text = z.string();
const short = z.string().max(3);
const a = z.object({ a: text });
const b = z.object({ b: text });
const noted = z.object({ lines: z.array(z.object({ note: text })) });
const order = (id: z.ZodType, sku: z.ZodType) =>
  z.object({ id, lines: z.array(z.object({ sku })).min(1) }).and(noted);
const described = (id: z.ZodType, more: z.ZodRawShape = {}) =>
  z
    .object({ c: z.object({ id }), t: text, ...more })
    .describe('Common fields.')
    .and(z.object({ c: z.object({ email: text }) }));
const named = (name: string, id: z.ZodType, more: z.ZodRawShape = {}) =>
  z
    .object({ c: z.object({ id }), ...more })
    .meta({ id: name })
    .and(z.object({ c: z.object({ email: text }) }));
const tree = (leaf: z.ZodType): z.ZodType => {
  const left: z.ZodType = z
    .object({
      leaf,
      get kids() {
        return z.array(left).optional();
      },
    })
    .describe('Left.');
  const right: z.ZodType = z.object({
    mark: text,
    get kids() {
      return z.array(right).optional();
    },
  });
  return left.and(right);
};
const besideUnion = (u: z.ZodType, more: z.ZodRawShape, id?: string) => {
  const kinds = z.discriminatedUnion('k', [
    z.object({ k: z.literal('a'), v: text.default('v') }),
    z.object({ k: z.literal('b') }),
  ]);
  const union = id === undefined ? kinds.describe('Kinds.') : kinds.meta({ id });
  return inF(z.object({ u: text.default('x') }).and(union), z.object({ u, ...more }).and(union));
};
const nested = (): z.ZodType => {
  const list: z.ZodType = z.lazy(() => z.array(list));
  return list;
};

/** Edits of what both sides of `.and()` say something about: lists, tuples, records, and objects that zod does not write as one. */
export const EDITS_OF_INTERSECTIONS: readonly EditRow[] = [
  ['a field and an item become numbers', inF(order(text, text), order(z.number(), z.number())), both],
  ['a field beside such a list becomes a number', inF(order(text, text), order(z.number(), text)), both],
  ['an item becomes shorter', inF(order(text, text), order(text, short)), producers],
  ['an item becomes longer', inF(order(text, short), order(text, text)), consumers],
  ['an item stays', inF(order(text, text), order(text, text)), nobody],
  [
    'two lists may have no items any more',
    inF(z.array(a).and(z.array(b)), z.array(a).max(0).and(z.array(b))),
    producers,
  ],
  [
    'two lists become an empty one',
    inF(z.array(a).and(z.array(b)), z.array(a.extend({ b: text })).max(0)),
    producers,
  ],
  ['two lists are written as one', inF(z.array(a).and(z.array(b)), z.array(a.extend({ b: text }))), nobody],
  ['a list is written as two', inF(z.array(a.extend({ b: text })), z.array(a).and(z.array(b))), nobody],
  [
    'two lists are written as one, and an item of it becomes shorter',
    inF(z.array(a).and(z.array(b)), z.array(z.object({ a: short, b: text }))),
    producers,
  ],
  [
    'two lists have an optional field more',
    inF(z.array(a).and(z.array(b)), z.array(a.extend({ c: text.optional() })).and(z.array(b))),
    nobody,
  ],
  [
    'two lists have a required field more',
    inF(z.array(a).and(z.array(b)), z.array(a.extend({ c: text })).and(z.array(b))),
    producers,
  ],
  [
    'an optional field of two lists becomes a number',
    inF(
      z.array(a).and(z.array(z.object({ b: text.optional() }))),
      z.array(a).and(z.array(z.object({ b: z.number().optional() }))),
    ),
    both,
  ],
  [
    'an optional field of two lists is gone',
    inF(z.array(a.extend({ c: text.optional() })).and(z.array(b)), z.array(a).and(z.array(b))),
    consumers,
  ],
  [
    'a default of two lists is another',
    inF(
      z.array(z.object({ a: text.default('x') })).and(z.array(b)),
      z.array(z.object({ a: text.default('y'), c: text.optional() })).and(z.array(b)),
    ),
    consumers,
  ],
  [
    'a default of two lists that may be null is another',
    inF(
      z
        .array(z.object({ a: text.default('x') }))
        .nullable()
        .and(z.array(b)),
      z
        .array(z.object({ a: text.default('y'), c: text.optional() }))
        .nullable()
        .and(z.array(b)),
    ),
    consumers,
  ],
  [
    'a default of a union beside described objects is another while an optional field is new',
    inF(
      a.describe('A.').and(z.union([b, z.object({ c: text.default('x') })])),
      a
        .extend({ d: text.optional() })
        .describe('A.')
        .and(z.union([b, z.object({ c: text.default('y') })])),
    ),
    consumers,
  ],
  [
    'lists within two lists become numbers',
    inF(
      z.array(z.array(a)).and(z.array(z.array(b))),
      z.array(z.array(z.object({ a: z.number() }))).and(z.array(z.array(b))),
    ),
    both,
  ],
  [
    'an item of two tuples becomes a number',
    inF(z.tuple([a]).and(z.tuple([b])), z.tuple([z.object({ a: z.number() })]).and(z.tuple([b]))),
    both,
  ],
  [
    'an item of a tuple and a list becomes a number',
    inF(z.tuple([a], a).and(z.array(b)), z.tuple([a], z.object({ a: z.number() })).and(z.array(b))),
    both,
  ],
  [
    'two tuples are written as one',
    inF(z.tuple([a]).and(z.tuple([b])), z.tuple([a.extend({ b: text })])),
    nobody,
  ],
  [
    'a value of two records becomes shorter',
    inF(
      z.record(text, a).and(z.record(text, b)),
      z.record(text, z.object({ a: short })).and(z.record(text, b)),
    ),
    producers,
  ],
  [
    'a value of a record and the rest of an object becomes a number',
    inF(
      z.object({ x: a }).catchall(a).and(z.record(text, b)),
      z
        .object({ x: a })
        .catchall(z.object({ a: z.number() }))
        .and(z.record(text, b)),
    ),
    both,
  ],
  ['a field of described objects becomes shorter', inF(described(text), described(short)), producers],
  [
    'described objects have a required field more',
    inF(described(text), described(text, { n: text })),
    producers,
  ],
  [
    'described objects have an optional field more',
    inF(described(text), described(text, { n: text.optional() })),
    nobody,
  ],
  [
    'a field of objects with an id becomes a number',
    inF(named('IdOne', text), named('IdTwo', z.number())),
    both,
  ],
  [
    'objects with an id have a required field more',
    inF(named('IdThree', text), named('IdFour', text, { n: text })),
    producers,
  ],
  [
    'a list of two recursive lists is closed',
    inF(nested().and(nested()), nested().and(nested()).and(z.array(z.unknown()).max(2))),
    producers,
  ],
  [
    'a field that is a union on one side becomes shorter',
    inF(
      z.object({ c: z.object({ id: text }) }).and(z.object({ c: z.union([a, b]) })),
      z.object({ c: z.object({ id: short }) }).and(z.object({ c: z.union([a, b]) })),
    ),
    producers,
  ],
  [
    'a new field beside a union has a default',
    besideUnion(text.default('x'), { z: text.default('x') }),
    nobody,
  ],
  [
    'a new field beside a union with an id has a default',
    besideUnion(text.default('x'), { z: text.default('x') }, 'IdU'),
    nobody,
  ],
  [
    'a new field of an object that may be null has a default',
    inF(
      z.object({ n: a.nullable() }).and(z.object({ n: b.nullable() })),
      z.object({ n: a.extend({ z: text.default('x') }).nullable() }).and(z.object({ n: b.nullable() })),
    ),
    nobody,
  ],
  ['a field beside a union has another default', besideUnion(text.default('y'), {}), consumers],
  ['a leaf of two trees becomes a number', inF(tree(text), tree(z.number())), both],
  ['a leaf of two trees stays', inF(tree(text), tree(text).describe('A tree.')), nobody],
];
