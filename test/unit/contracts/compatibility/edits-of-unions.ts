import * as z from 'zod';
import { both, consumers, type EditRow, nobody, producers } from './edit-row.ts';

const inF = (before: z.ZodType, after: z.ZodType) =>
  [z.object({ f: before }), z.object({ f: after })] as const;
const F = '/properties/f';
const a = z.object({ a: z.string() });
const b = z.object({ b: z.string() });
const card = z.object({ by: z.literal('card'), number: z.string() });
const cash = z.object({ by: z.literal('cash') });
const chip = z.object({ by: z.literal('card'), chip: z.string() });
const swipe = z.object({ by: z.literal('card'), track: z.string() });

const kinds = z.discriminatedUnion('by', [card, cash]);
const described = (fields: z.ZodRawShape) => z.object(fields).describe('Common fields.');

/** Edits of unions, nullable fields, tuples and lists. */
export const EDITS_OF_UNIONS: readonly EditRow[] = [
  ['an exclusive union becomes a plain one', inF(z.xor([a, b]), z.union([a, b])), consumers, `${F}/anyOf`],
  [
    'a field beside a union is gone',
    inF(
      described({ id: z.string(), coupon: z.string().optional() }).and(kinds),
      described({ id: z.string() }).and(kinds),
    ),
    consumers,
    `${F}/allOf/0/properties/coupon`,
  ],
  [
    'a field beside a union is gone, and the union has an alternative more',
    inF(
      described({ id: z.string(), coupon: z.string().optional() }).and(z.union([a, b]).describe('Or.')),
      described({ id: z.string() }).and(z.union([a, b, cash]).describe('Or.')),
    ),
    consumers,
  ],
  [
    'the default of a field beside a union changes while an optional field is new',
    inF(
      described({ currency: z.string().default('EUR') }).and(kinds),
      described({ currency: z.string().default('USD'), note: z.string().optional() }).and(kinds),
    ),
    consumers,
  ],
  [
    'a field beside a union is new and optional',
    inF(
      described({ id: z.string() }).and(kinds),
      described({ id: z.string(), note: z.string().optional() }).and(kinds),
    ),
    nobody,
  ],
  [
    'a field beside a union moves into each of its alternatives',
    inF(
      described({ id: z.string(), coupon: z.string().optional() }).and(z.union([a, b]).describe('Or.')),
      described({ id: z.string() }).and(
        z
          .union([a.extend({ coupon: z.string().optional() }), b.extend({ coupon: z.string().optional() })])
          .describe('Or.'),
      ),
    ),
    nobody,
  ],
  [
    'an object becomes a union in which no alternative has one of its fields',
    inF(
      z.object({ id: z.string(), coupon: z.string().optional() }),
      z.union([z.object({ id: z.string(), giftCard: z.string() }), z.object({ id: z.string() })]),
    ),
    consumers,
    `${F}/properties/coupon`,
  ],
  ['a plain union becomes exclusive', inF(z.union([a, b]), z.xor([a, b])), producers, `${F}/oneOf`],
  [
    'a union of types becomes exclusive',
    inF(z.union([z.string(), z.int()]), z.xor([z.string(), z.int()])),
    nobody,
  ],
  [
    'numbers and whole numbers exclude each other',
    inF(z.union([z.number(), z.int()]), z.xor([z.number(), z.int()])),
    producers,
  ],
  [
    'an exclusive union has an alternative more that overlaps',
    inF(z.xor([a, b]), z.xor([a, b, a.extend({ c: z.string().optional() })])),
    producers,
  ],
  [
    'alternatives that share a constant stay',
    inF(z.union([chip, swipe, cash]), z.union([chip, swipe, cash])),
    nobody,
  ],
  [
    'one of two alternatives with the same constant has an optional field more',
    inF(z.union([chip, swipe]), z.union([chip.extend({ pin: z.int().optional() }), swipe])),
    nobody,
  ],
  [
    'one of two alternatives with the same constant is narrowed',
    inF(z.union([chip, swipe]), z.union([chip, swipe.extend({ track: z.string().max(9) })])),
    producers,
  ],
  [
    'one of two alternatives with the same constant is gone',
    inF(z.union([chip, swipe]), z.union([chip])),
    producers,
  ],
  [
    'overlapping alternatives change places',
    inF(z.union([a, a.extend({ b: z.int() })]), z.union([a.extend({ b: z.int() }), a])),
    nobody,
    `${F}/anyOf/0`,
  ],
  [
    'an alternative that another one covers is dropped',
    inF(z.union([a.extend({ b: z.int() }), a]), z.union([a])),
    nobody,
    `${F}/anyOf/0`,
  ],
  [
    'an alternative that another one covers is new',
    inF(z.union([a]), z.union([a.extend({ b: z.int().optional() }), a])),
    nobody,
  ],
  [
    'a constant of a tagged alternative is another',
    inF(
      z.discriminatedUnion('by', [card, cash]),
      z.discriminatedUnion('by', [card.extend({ by: z.literal('credit') }), cash]),
    ),
    both,
    `${F}/oneOf/0`,
  ],
  [
    'a tagged alternative is narrowed',
    inF(
      z.discriminatedUnion('by', [card, cash]),
      z.discriminatedUnion('by', [card.extend({ number: z.string().max(19) }), cash]),
    ),
    producers,
    `${F}/oneOf/0/properties/number/maxLength`,
  ],
  [
    'a tagged alternative moves and is narrowed',
    inF(
      z.discriminatedUnion('by', [card, cash]),
      z.discriminatedUnion('by', [cash, card.extend({ number: z.string().max(19) })]),
    ),
    producers,
    `${F}/oneOf/1/properties/number/maxLength`,
  ],
  [
    'a field that only another alternative has is given to one',
    inF(z.union([a, b]), z.union([a.extend({ b: z.int().optional() }), b])),
    nobody,
  ],
  ['a nullable text is narrowed', inF(z.string().nullable(), z.string().max(9).nullable()), producers],
  [
    'a list within a union is narrowed',
    inF(z.union([z.string(), z.array(z.int())]), z.union([z.string(), z.array(z.int()).max(3)])),
    producers,
    `${F}/anyOf/1/maxItems`,
  ],
  [
    'a deep field within two unions is required',
    inF(
      z.union([z.string(), z.object({ g: z.object({ h: z.int().optional() }).nullable() })]),
      z.union([z.string(), z.object({ g: z.object({ h: z.int() }).nullable() })]),
    ),
    producers,
    `${F}/anyOf/1/properties/g/anyOf/0/properties/h`,
  ],
  [
    'a value or a list becomes a list',
    inF(z.union([z.string(), z.array(z.string())]), z.array(z.string())),
    producers,
  ],
  [
    'a value becomes a value or a list',
    inF(z.string(), z.union([z.string(), z.array(z.string())])),
    consumers,
  ],
  [
    'an object is split by a constant',
    inF(
      z.object({ by: z.enum(['x', 'y']), n: z.int() }),
      z.discriminatedUnion('by', [
        z.object({ by: z.literal('x'), n: z.int() }),
        z.object({ by: z.literal('y'), n: z.int() }),
      ]),
    ),
    nobody,
  ],
  [
    'an object is split by a constant, and one part narrowed',
    inF(
      z.object({ by: z.enum(['x', 'y']), n: z.int() }),
      z.discriminatedUnion('by', [
        z.object({ by: z.literal('x'), n: z.int() }),
        z.object({ by: z.literal('y'), n: z.int().max(3) }),
      ]),
    ),
    producers,
  ],
  [
    'two alternatives are joined to one',
    inF(
      z.union([z.object({ by: z.literal('x'), n: z.int() }), z.object({ by: z.literal('y'), n: z.int() })]),
      z.object({ by: z.enum(['x', 'y']), n: z.int() }),
    ),
    nobody,
  ],
  [
    'a tuple grows by an optional item',
    inF(z.tuple([z.string()]), z.tuple([z.string(), z.int().optional()])),
    consumers,
    `${F}/prefixItems/1`,
  ],
  [
    'a tuple loses an item',
    inF(z.tuple([z.string(), z.int()]), z.tuple([z.string()])),
    both,
    `${F}/prefixItems/1`,
  ],
  [
    'a tuple takes more items',
    inF(z.tuple([z.string()]), z.tuple([z.string()], z.int())),
    consumers,
    `${F}/items`,
  ],
  [
    'a tuple with more items becomes a list',
    inF(z.tuple([z.int()], z.int()), z.array(z.int()).min(1)),
    nobody,
  ],
  [
    'items of a tuple change places',
    inF(z.tuple([z.string(), z.int()]), z.tuple([z.int(), z.string()])),
    both,
    `${F}/prefixItems/0`,
  ],
  ['a list of two becomes a tuple', inF(z.array(z.int()).length(2), z.tuple([z.int(), z.int()])), nobody],
  ['a list has to have an item', inF(z.array(z.int()), z.array(z.int()).min(1)), producers, `${F}/minItems`],
  ['a list of anything takes texts', inF(z.array(z.unknown()), z.array(z.string())), producers],
];
