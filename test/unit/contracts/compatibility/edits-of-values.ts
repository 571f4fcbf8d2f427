import * as z from 'zod';
import { both, consumers, type EditRow, nobody, producers } from './edit-row.ts';

const inF = (before: z.ZodType, after: z.ZodType) =>
  [z.object({ f: before }), z.object({ f: after })] as const;
const F = '/properties/f';

/** Edits of texts, numbers and single values. */
export const EDITS_OF_VALUES: readonly EditRow[] = [
  [
    'an enum is written as a union',
    inF(z.enum(['a', 'b']), z.union([z.literal('a'), z.literal('b')])),
    nobody,
  ],
  [
    'a union of constants is written as an enum',
    inF(z.union([z.literal('a'), z.literal('b')]), z.enum(['a', 'b'])),
    nobody,
  ],
  [
    'a union of constants loses one',
    inF(z.union([z.literal('a'), z.literal('b'), z.literal('c')]), z.enum(['a', 'b'])),
    producers,
  ],
  ['a boolean is written as two constants', inF(z.boolean(), z.literal([true, false])), nobody],
  ['a boolean is always true', inF(z.boolean(), z.literal(true)), producers],
  ['a constant becomes a boolean', inF(z.literal(true), z.boolean()), consumers],
  [
    'nullable is written as a union',
    inF(z.string().min(1).nullable(), z.union([z.null(), z.string().min(1)])),
    nobody,
  ],
  [
    'a nullable constant is written as an enum',
    inF(z.literal('a').nullable(), z.literal(['a', null])),
    nobody,
  ],
  ['at least 1 is written as positive', inF(z.int().min(1), z.int().positive()), nobody],
  ['positive is written as at least 1', inF(z.int().positive(), z.int().min(1)), nobody],
  ['positive amounts become at least 1', inF(z.number().positive(), z.number().min(1)), producers],
  ['not negative is written as above -1', inF(z.int().nonnegative(), z.int().gt(-1)), nobody],
  [
    'whole numbers are written as multiples of 1',
    inF(z.int(), z.number().multipleOf(1).min(-9007199254740991).max(9007199254740991)),
    nobody,
  ],
  ['few whole numbers are written as constants', inF(z.int().min(1).max(3), z.literal([1, 2, 3])), nobody],
  [
    'few whole numbers are more than the constants',
    inF(z.int().min(1).max(4), z.literal([1, 2, 3])),
    producers,
  ],
  [
    'cents become tenths',
    inF(z.number().multipleOf(0.01), z.number().multipleOf(0.1)),
    producers,
    `${F}/multipleOf`,
  ],
  [
    'tenths become cents',
    inF(z.number().multipleOf(0.1), z.number().multipleOf(0.01)),
    consumers,
    `${F}/multipleOf`,
  ],
  [
    'a second step is asked for',
    inF(z.number().multipleOf(2), z.number().multipleOf(2).multipleOf(3)),
    producers,
  ],
  [
    'two steps are written as one',
    inF(z.number().multipleOf(2).multipleOf(3), z.number().multipleOf(6)),
    nobody,
  ],
  ['a range of 32 bits', inF(z.int(), z.int32()), producers],
  ['a maximum is excluded', inF(z.number().max(9), z.number().lt(9)), producers],
  ['whole numbers below 10 are written as up to 9', inF(z.int().lt(10), z.int().max(9)), nobody],
  ['a text of a format becomes any text', inF(z.email(), z.string()), consumers],
  ['a text becomes a URL', inF(z.string(), z.url()), producers, `${F}/format`],
  ['a URL becomes any text', inF(z.url(), z.string()), consumers],
  ['a URL has to be secure', inF(z.url(), z.string().startsWith('https://').check(z.url())), producers],
  ['an IPv6 address becomes any text', inF(z.ipv6(), z.string()), consumers],
  ['a text has to be an IPv6 address', inF(z.string(), z.ipv6()), producers],
  [
    'a UUID of any version becomes one of version 4',
    inF(z.uuid(), z.uuidv4()),
    both,
    `${F}/pattern`,
    { producers: '018f3c4e-7b1a-7cc0-8000-000000000000' },
  ],
  [
    'a date-time may have an offset',
    inF(z.iso.datetime(), z.iso.datetime({ offset: true })),
    both,
    `${F}/pattern`,
    { consumers: '2026-01-31T12:00:00+01:00' },
  ],
  [
    'a pattern is asked for twice',
    inF(z.string().regex(/^a/), z.string().regex(/^a/).regex(/z$/)),
    producers,
  ],
  ['a pattern of two is dropped', inF(z.string().regex(/^a/).regex(/z$/), z.string().regex(/^a/)), consumers],
  [
    'a length that the pattern has is asked for',
    inF(
      z.string().regex(/^[A-Z]{3}$/),
      z
        .string()
        .regex(/^[A-Z]{3}$/)
        .length(3),
    ),
    nobody,
  ],
  [
    'a text may not be empty, which its pattern says',
    inF(
      z.string().regex(/^order-/),
      z
        .string()
        .regex(/^order-/)
        .min(1),
    ),
    nobody,
  ],
  ['a length is fixed', inF(z.string().min(2).max(5), z.string().length(3)), producers],
  ['lengths move', inF(z.string().min(2).max(5), z.string().min(3).max(6)), both, `${F}/minLength`],
  [
    'a template has another beginning',
    inF(z.templateLiteral(['a-', z.int()]), z.templateLiteral(['b-', z.int()])),
    both,
    `${F}/pattern`,
  ],
  ['null becomes a field that may be missing', inF(z.null(), z.string().nullable()), consumers],
  ['anything becomes JSON', inF(z.unknown(), z.json()), nobody],
  ['JSON becomes anything', inF(z.json(), z.unknown()), nobody],
  ['nothing may be there any more', inF(z.string().optional(), z.never().optional()), producers],
  [
    'two units of a pattern without u become two characters',
    inF(z.string().regex(/^..$/), z.string().regex(/^..$/).min(2)),
    producers,
  ],
  [
    'four units of a pattern without u become three characters',
    inF(
      z.string().regex(/^[^a-z]{4}$/),
      z
        .string()
        .regex(/^[^a-z]{4}$/)
        .min(3),
    ),
    producers,
  ],
  [
    'a length that a pattern with u has is asked for',
    inF(
      z.string().regex(/^.{3}$/u),
      z
        .string()
        .regex(/^.{3}$/u)
        .length(3),
    ),
    nobody,
  ],
  [
    'a length that a pattern of a surrogate pair has is asked for',
    inF(
      z.string().regex(/^\ud83d\ude00$/u),
      z
        .string()
        .regex(/^\ud83d\ude00$/u)
        .length(1),
    ),
    nobody,
  ],
  [
    'up to three characters become up to three units',
    inF(z.string().max(3), z.string().regex(/^[\s\S]{0,3}$/)),
    producers,
  ],
  [
    'a constant of one emoji becomes a text of one character',
    inF(z.literal('😀'), z.string().length(1)),
    consumers,
  ],
  ['an emoji is too short now', inF(z.literal(['😀', 'ab']), z.string().min(2).max(2)), both],
  ['large numbers are refused', inF(z.number(), z.number().max(1e17)), producers],
  ['large negative numbers are refused', inF(z.number(), z.number().min(-1e17)), producers],
  ['large numbers are taken', inF(z.number().max(1e300), z.number()), consumers],
  ['a float becomes any number', inF(z.float32(), z.number()), consumers],
  ['any number becomes a float', inF(z.number(), z.float32()), producers],
  [
    'large whole numbers are refused',
    inF(z.number().multipleOf(1), z.number().multipleOf(1).max(1e17)),
    producers,
  ],
  [
    'one large number is refused',
    inF(z.number().max(9007199254740994), z.number().lt(9007199254740994)),
    producers,
  ],
  [
    'a name of a record has a pattern',
    inF(z.record(z.string(), z.int()), z.record(z.string().regex(/^[a-z0-9]+$/), z.int())),
    producers,
  ],
  [
    'a name of a record may not be empty',
    inF(z.record(z.string(), z.int()), z.record(z.string().min(1), z.int())),
    producers,
  ],
  [
    'a name of a record needs no pattern any more',
    inF(z.record(z.string().regex(/^[\w-]+$/), z.int()), z.record(z.string(), z.int())),
    consumers,
  ],
  [
    'a pattern that tries every way through a text has a length',
    inF(
      z.string().regex(/^([a-z0-9]+-?)+$/),
      z
        .string()
        .regex(/^([a-z0-9]+-?)+$/)
        .max(64),
    ),
    producers,
  ],
  [
    'a pattern of alternatives that tries every way through a text has a length',
    inF(
      z.string().regex(/^(a|aa)+$/),
      z
        .string()
        .regex(/^(a|aa)+$/)
        .min(50),
    ),
    producers,
  ],
  [
    'a part of a pattern has flags',
    inF(z.string().regex(/^(?i:DE|AT)$/), z.string().regex(/^(?i:DE)$/)),
    both,
    `${F}/pattern`,
  ],
  ['a pattern with flags of a part is given', inF(z.string(), z.string().regex(/^a(?-i:b)$/)), producers],
];
