import * as z from 'zod';
import { both, consumers, type EditRow, nobody, producers } from './edit-row.ts';

const o = (shape: Record<string, z.ZodType>): z.ZodType => z.object({ id: z.string(), ...shape });
const field = (before: z.ZodType, after: z.ZodType) => [o({ f: before }), o({ f: after })] as const;
const card = z.object({ by: z.literal('card'), number: z.string() });
const cash = z.object({ by: z.literal('cash') });
const voucher = z.object({ by: z.literal('voucher'), code: z.string() });
const [a, b] = [z.object({ a: z.string() }), z.object({ b: z.string() })];
const treeOf = (name: z.ZodType): z.ZodType => {
  const tree: z.ZodType = z.object({ name, children: z.array(z.lazy(() => tree)) }).meta({ id: 'Tree' });
  return tree;
};

const F = '/properties/f';

/** Plain edits, one keyword or field each. */
export const PLAIN_EDITS: readonly EditRow[] = [
  ['nothing', field(z.string(), z.string()), nobody],
  ['an optional field is new', [o({}), o({ f: z.string().optional() })], nobody, F],
  ['a field with a default is new', [o({}), o({ f: z.string().default('x') })], nobody, F],
  ['a required field is new', [o({}), o({ f: z.string() })], producers, F],
  ['a required field is gone', [o({ f: z.string() }), o({})], consumers, F],
  ['an optional field is gone', [o({ f: z.string().optional() }), o({})], consumers, F],
  ['a field is renamed', [o({ f: z.string() }), o({ g: z.string() })], both, F],
  ['a field is made required', field(z.string().optional(), z.string()), producers, F],
  ['a field is made optional', field(z.string(), z.string().optional()), consumers, F],
  [
    'a default is changed',
    field(z.string().default('a'), z.string().default('b')),
    consumers,
    `${F}/default`,
  ],
  [
    'a default is given to an optional field',
    field(z.string().optional(), z.string().default('b')),
    consumers,
  ],
  ['a string becomes a number', field(z.string(), z.number()), both, F],
  ['a number becomes whole', field(z.number().min(0).max(9), z.int().min(0).max(9)), producers, F],
  ['a whole number becomes any', field(z.int().min(0).max(9), z.number().min(0).max(9)), consumers, F],
  ['a field becomes nullable', field(z.string(), z.string().nullable()), consumers],
  ['a field is nullable no more', field(z.string().nullable(), z.string()), producers],
  ['a minimum rises', field(z.number().min(1), z.number().min(2)), producers, `${F}/minimum`],
  ['a minimum falls', field(z.number().min(2), z.number().min(1)), consumers, `${F}/minimum`],
  ['a maximum is new', field(z.number(), z.number().max(9)), producers, `${F}/maximum`],
  ['a maximum is gone', field(z.number().max(9), z.number()), consumers, `${F}/maximum`],
  ['a maximum falls', field(z.number().max(9), z.number().max(8)), producers, `${F}/maximum`],
  ['a bound is excluded', field(z.number().min(0), z.number().gt(0)), producers],
  [
    'a step is refined',
    field(z.number().multipleOf(10), z.number().multipleOf(5)),
    consumers,
    `${F}/multipleOf`,
  ],
  [
    'a step is made coarse',
    field(z.number().multipleOf(5), z.number().multipleOf(10)),
    producers,
    `${F}/multipleOf`,
  ],
  ['a step is another', field(z.number().multipleOf(4), z.number().multipleOf(6)), both, `${F}/multipleOf`],
  ['a string may be shorter', field(z.string().min(2), z.string().min(1)), consumers, `${F}/minLength`],
  ['a string may be less long', field(z.string().max(9), z.string().max(8)), producers, `${F}/maxLength`],
  ['a pattern is new', field(z.string(), z.string().regex(/^a/)), producers, `${F}/pattern`],
  ['a pattern is gone', field(z.string().regex(/^a/), z.string()), consumers, `${F}/pattern`],
  ['a pattern is another', field(z.string().regex(/^a/), z.string().regex(/^b/)), both, `${F}/pattern`],
  [
    'a pattern is read otherwise',
    field(z.string().regex(/^.$/), z.string().regex(/^.$/u)),
    both,
    `${F}/x-unicode`,
  ],
  [
    'a pattern within is read otherwise',
    field(z.array(z.string().regex(/^.$/u)), z.array(z.string().regex(/^.$/))),
    both,
  ],
  [
    'an annotation of the project changes',
    field(z.string().meta({ 'x-pii': true }), z.string().meta({ 'x-pii': 1 })),
    nobody,
  ],
  ['a format is new', field(z.string(), z.iso.date()), producers],
  ['a format is another', field(z.iso.date(), z.iso.datetime()), both],
  ['an enum has a value more', field(z.enum(['a', 'b']), z.enum(['a', 'b', 'c'])), consumers, `${F}/enum`],
  ['an enum has a value less', field(z.enum(['a', 'b']), z.enum(['a'])), producers, `${F}/enum`],
  ['an enum is sorted', field(z.enum(['a', 'b']), z.enum(['b', 'a'])), nobody],
  ['a string becomes an enum', field(z.string(), z.enum(['a'])), producers, `${F}/enum`],
  ['an enum becomes a string', field(z.enum(['a']), z.string()), consumers, `${F}/enum`],
  ['a constant is another', field(z.literal('a'), z.literal('b')), both, `${F}/const`],
  ['a constant becomes an enum', field(z.literal('a'), z.enum(['a', 'b'])), consumers],
  ['items change', field(z.array(z.string()), z.array(z.number())), both, `${F}/items`],
  ['a list may be empty', field(z.array(z.string()).min(1), z.array(z.string())), consumers, `${F}/minItems`],
  [
    'a list may be less long',
    field(z.array(z.string()), z.array(z.string()).max(3)),
    producers,
    `${F}/maxItems`,
  ],
  ['a value becomes a list', field(z.string(), z.array(z.string())), both, F],
  [
    'a tuple changes',
    field(z.tuple([z.string(), z.int()]), z.tuple([z.string(), z.string()])),
    both,
    `${F}/prefixItems/1`,
  ],
  ['a tuple grows', field(z.tuple([z.string()]), z.tuple([z.string(), z.int()])), both],
  [
    'a field within is gone',
    field(z.object({ a: z.string() }), z.object({})),
    consumers,
    `${F}/properties/a`,
  ],
  ['an object is closed', field(z.object({}), z.strictObject({})), producers, `${F}/additionalProperties`],
  ['an object is opened', field(z.strictObject({}), z.object({})), consumers, `${F}/additionalProperties`],
  [
    'a closed object has an optional field more',
    field(z.strictObject({}), z.strictObject({ a: z.string().optional() })),
    consumers,
  ],
  [
    'a closed object has a field less',
    field(z.strictObject({ a: z.string().optional() }), z.strictObject({})),
    both,
  ],
  [
    'the values of a record change',
    field(z.record(z.string(), z.int()), z.record(z.string(), z.string())),
    both,
    `${F}/additionalProperties`,
  ],
  [
    'the names of a record are narrowed',
    field(z.record(z.string(), z.int()), z.record(z.string().max(3), z.int())),
    producers,
    `${F}/propertyNames/maxLength`,
  ],
  [
    'a union has an alternative more',
    field(z.union([card, cash]), z.union([card, cash, voucher])),
    consumers,
    `${F}/anyOf/2`,
  ],
  [
    'a union has an alternative less',
    field(z.union([card, cash]), z.union([card])),
    producers,
    `${F}/anyOf/1`,
  ],
  [
    'a union takes what one alternative takes',
    field(z.union([a, b]), z.xor([a, b])),
    producers,
    `${F}/oneOf`,
  ],
  [
    'a union takes what several alternatives take',
    field(z.xor([a, b]), z.union([a, b])),
    consumers,
    `${F}/anyOf`,
  ],
  ['a union is tagged', field(z.union([card, cash]), z.discriminatedUnion('by', [card, cash])), nobody],
  ['a union is sorted', field(z.union([card, cash]), z.union([cash, card])), nobody],
  [
    'within a union a field is gone',
    field(z.union([card, cash]), z.union([z.object({ by: z.literal('card') }), cash])),
    consumers,
    `${F}/anyOf/0/properties/number`,
  ],
  [
    'within a tagged union a field is new',
    field(
      z.discriminatedUnion('by', [card, cash]),
      z.discriminatedUnion('by', [card, cash.extend({ till: z.int() })]),
    ),
    producers,
  ],
  ['anything becomes a string', field(z.unknown(), z.string()), producers],
  ['a string becomes anything', field(z.string(), z.unknown()), consumers],
  ['a recursive shape stays', [treeOf(z.string()), treeOf(z.string())], nobody],
  ['a recursive shape is narrowed', [treeOf(z.string()), treeOf(z.string().max(9))], producers],
  ['descriptions change', field(z.string(), z.string().describe('the same, said well')), nobody],
];
