import { expect } from 'vitest';
import * as z from 'zod';

export const isEven = (n: number): boolean => n % 2 === 0;
class Money {}

/** A backslash that a pattern with the flag `u` may not have. */
const NEEDLESS = String.raw`^\d{3}\-\d{4}$`;

/** What is hidden, a field that hides it, and what the error says of it. */
export const HIDDEN: readonly (readonly [string, z.ZodType, string])[] = [
  ['a refinement', z.number().refine(isEven), '.refine()'],
  ['a named refinement', z.number().refine(isEven, { params: { rule: 'even' } }), '.refine()'],
  ['a refinement that waits', z.number().refine(async (n) => isEven(n)), '.refine()'],
  ['a superRefine', z.number().superRefine(() => {}), '.superRefine()'],
  ['a check', z.number().check(() => {}), '.check()'],
  ['a refinement before a bound', z.number().refine(isEven).min(2), '.refine()'],
  [
    'a refinement of an extended object',
    z
      .object({})
      .refine(() => true)
      .safeExtend({ a: z.string() }),
    '.refine()',
  ],
  ['a refined default', z.number().default(2).refine(isEven), '.refine()'],
  ['a check of a property', z.string().check(z.property('length', z.int())), 'z.property()'],
  ['a length of a union', z.union([z.string(), z.array(z.string())]).check(z.minLength(1)), 'min_length'],
  ['a size of a record', z.record(z.string(), z.string()).check(z.minSize(1) as never), 'min_size'],
  ['a bound of a string', z.string().check(z.gt('b' as never) as never), 'greater_than'],
  ['a transform', z.string().transform((text) => text.length), '.transform()'],
  ['a transform alone', z.transform((text) => text), 'z.transform()'],
  ['a preprocess', z.preprocess((text) => Number(text), z.number()), 'z.preprocess()'],
  ['a codec', z.codec(z.string(), z.number(), { decode: Number, encode: String }), 'z.codec()'],
  ['a stringbool', z.stringbool(), 'z.stringbool()'],
  ['a pipe', z.string().pipe(z.string().max(3)), '.pipe()'],
  ['a trim', z.string().trim(), '.trim()'],
  ['lower case', z.string().toLowerCase(), '.toLowerCase()'],
  ['a slug', z.string().slugify(), '.trim()'],
  ['an overwrite', z.number().overwrite((n) => n + 1), '.trim()'],
  ['a coerced number', z.coerce.number(), 'z.coerce.number()'],
  ['a coerced string', z.coerce.string(), 'z.coerce.string()'],
  ['a coerced boolean', z.coerce.boolean(), 'z.coerce.boolean()'],
  ['a coerced date', z.coerce.date(), 'z.iso.datetime()'],
  ['a date', z.date(), 'z.iso.datetime()'],
  ['a bigint', z.bigint(), 'z.string().regex(/^-?\\d+$/)'],
  ['a 64-bit integer', z.int64(), 'z.bigint()'],
  ['a map', z.map(z.string(), z.string()), 'z.record('],
  ['a set', z.set(z.string()), 'z.array('],
  ['a symbol', z.symbol(), 'z.symbol()'],
  ['undefined', z.undefined(), '.optional()'],
  ['void', z.void(), '.optional()'],
  ['NaN', z.nan(), 'z.nan()'],
  ['a file', z.file(), 'z.file()'],
  ['a promise', z.promise(z.string()), 'z.promise()'],
  ['a function', z.custom<() => void>(), 'z.custom()'],
  ['a custom type', z.custom((value) => value === 1), 'z.custom()'],
  ['a class', z.instanceof(Money), 'z.instanceof()'],
  ['a catch', z.string().catch('x'), '.catch()'],
  ['a success', z.success(z.string()), 'z.success()'],
  ['a literal that is undefined', z.literal(undefined), 'undefined is not a JSON value'],
  ['a literal that is a bigint', z.literal(1n), '1 is not a JSON value'],
  ['a literal that is not finite', z.literal(Number.NaN), 'NaN is not a JSON value'],
  ['an endless bound', z.number().max(Number.POSITIVE_INFINITY), 'Infinity is not a JSON number'],
  ['multiples of nothing', z.number().multipleOf(0), 'multiple of 0'],
  ['a flag of a pattern', z.string().regex(/a/i), 'the flags of /a/i'],
  ['a flag of a format', z.email({ pattern: /@/s }), 'the flags of /@/s'],
  [
    'a format that is code',
    z.stringFormat('even', (text) => text.length % 2 === 0),
    "z.stringFormat('even')",
  ],
  ['the protocol of a URL', z.url({ protocol: /^https$/ }), 'the option protocol'],
  ['an HTTP URL', z.httpUrl(), 'the option protocol'],
  ['the host of a URL', z.string().url({ hostname: /a/ }), 'the option hostname'],
  ['a URL that is normalized', z.url({ normalize: true }), 'the option normalize'],
  ['the algorithm of a token', z.jwt({ alg: 'HS256' }), 'the option alg'],
  ['a format before a pattern', z.url().startsWith('https://'), 'put it last'],
  ['a format before another', z.string().check(z.url(), z.email()), 'put it last'],
  ['a bound that metadata paints over', z.string().max(5).meta({ maxLength: 10 }), "'maxLength'"],
  ['a default in metadata', z.string().meta({ default: 'x' }), "'default'"],
  ['a keyword of the published schema', z.string().meta({ 'x-unicode': true }), "'x-unicode'"],
  [
    'a default that is random',
    z.string().default(() => crypto.randomUUID()),
    '.default() returns another value',
  ],
  [
    'a default that is the time',
    z.iso.datetime().default(() => new Date().toISOString()),
    '.default() returns another value',
  ],
  [
    'a default that is the date',
    z.string().default(() => new Date(Date.now()).toISOString().slice(0, 10)),
    '.default()',
  ],
  ['a prefault that is the time', z.number().prefault(() => Date.now()), '.prefault() returns another value'],
  ['a default that JSON has not', z.number().default(Number.NaN), '.default() is not a JSON value'],
  [
    'a default that is the time of day',
    z.string().default(() => new Date().toISOString()),
    '.default() returns another value',
  ],
  ['a default that throws', z.string().default(() => expect.fail('no default')), 'cannot be read'],
  [
    'a check under a condition',
    z.string().check(z.minLength(5, { when: () => false } as never)),
    'the condition (when)',
  ],
  ['a text at a position', z.string().includes('x', { position: 1 }), 'the option position'],
  [
    'a field of every object that may be missing',
    z.object({ toString: z.string().optional() }),
    "'toString' is a name that every object",
  ],
  [
    'a field of every object with a default',
    z.object({ valueOf: z.string().default('x') }),
    "'valueOf' is a name",
  ],
  [
    'a field of every object that may be anything',
    z.object({ constructor: z.unknown() }),
    "'constructor' is a name",
  ],
  [
    'a field that no event may have',
    z.object({ ['__proto__']: z.string() }),
    "an event may not have a field '__proto__'",
  ],
  [
    'a field of every object in an intersection',
    z.object({ a: z.string() }).and(z.object({ toString: z.string() })),
    "'toString' within .and()",
  ],
  [
    'strict objects that are joined at a field',
    z
      .strictObject({ o: z.strictObject({ x: z.string() }) })
      .and(z.strictObject({ o: z.strictObject({ y: z.string() }) })),
    "both sides of .and() have an object at 'o'",
  ],
  [
    'a strict object that is joined with an open one at a deep field',
    z
      .object({ o: z.object({ p: z.object({}) }) })
      .and(z.object({ o: z.object({ p: z.strictObject({ y: z.string() }) }) })),
    "both sides of .and() have an object at 'o/p'",
  ],
  [
    'strict objects with a description in an intersection',
    z
      .strictObject({ a: z.string() })
      .describe('A.')
      .and(z.strictObject({ b: z.string() })),
    'a strict object within .and()',
  ],
  [
    'strict objects with an id in an intersection',
    z
      .strictObject({ a: z.string() })
      .meta({ id: 'StrictPart' })
      .and(z.strictObject({ b: z.string() })),
    'a strict object within .and()',
  ],
  [
    'an item of an open tuple that may be anything',
    z.tuple([z.string(), z.unknown()], z.int()),
    'item 2 of a tuple that accepts more items may be missing',
  ],
  [
    'a record of certain names that may be anything',
    z.record(z.enum(['x', 'y']), z.unknown()),
    'the listed names of a record may be missing',
  ],
  ['names that are numbers', z.record(z.number().min(5), z.string()), 'the names of a record'],
  ['names that are let through', z.looseRecord(z.string().regex(/^a/), z.int()), 'z.looseRecord()'],
  ['what is not there yet', z.lazy(() => expect.fail('later is not defined')), 'define what it needs above'],
  [
    'a default without the defaults within it',
    z.object({ x: z.string().default('q') }).default({} as never),
    'write .prefault()',
  ],
  [
    'a default with fields that are left out',
    z.object({ x: z.string() }).default({ x: 'q', y: 'z' } as never),
    'write .prefault()',
  ],
  [
    'a default of items without the defaults within them',
    z.array(z.object({ x: z.string().default('q') })).default([{}] as never),
    'write .prefault()',
  ],
  [
    'a prefault that is refused',
    z.string().min(3).prefault('x'),
    'the schema before its .prefault() refuses the value',
  ],
  [
    'a flag u of one pattern of two',
    z.string().regex(/^a/).regex(/z$/u),
    'which of /^a/, /z$/u have the flag u',
  ],
  [
    'a flag u of the first pattern of two',
    z.string().regex(/^a/u).regex(/z$/),
    'which of /^a/u, /z$/ have the flag u',
  ],
  ['a backslash that u refuses', z.string().regex(new RegExp(NEEDLESS)), 'is not valid with the flag u'],
  ['a brace that u refuses', z.string().regex(/^{a}$/), 'is not valid with the flag u'],
  [
    'a named pattern that u refuses',
    z.stringFormat('sku', new RegExp(NEEDLESS)),
    'is not valid with the flag u',
  ],
  ['an id with a space and a percent sign', z.string().meta({ id: 'rabatt 10%' }), "the id 'rabatt 10%'"],
  ['an id with a slash', z.string().meta({ id: 'a/b' }), "the id 'a/b'"],
  ['an id with a letter that is encoded', z.string().meta({ id: 'Größe' }), "the id 'Größe'"],
  [
    'a record of names with a pattern in an intersection',
    z.object({ a: z.string() }).and(z.record(z.string().regex(/^x-/), z.string())),
    'a record of limited names within .and()',
  ],
  [
    'a record of certain names in an intersection',
    z.record(z.enum(['x', 'y']), z.string()).and(z.object({ a: z.string() })),
    'a record of limited names within .and()',
  ],
  [
    'a record of names with a length in an alternative of an intersection',
    z.object({ a: z.string() }).and(z.union([z.object({}), z.record(z.string().max(3), z.string())])),
    'a record of limited names within .and()',
  ],
  [
    'two defaults in an intersection',
    z.object({ a: z.string().default('x') }).and(z.object({ a: z.string().default('y') })),
    "both sides of .and() have different defaults for 'a'",
  ],
  [
    'two deep defaults in an intersection',
    z
      .object({ o: z.object({ a: z.string().default('x') }) })
      .and(z.object({ o: z.object({ a: z.string().nullable().prefault('y') }) })),
    "both sides of .and() have different defaults for 'o/a'",
  ],
  [
    'two nullable defaults in an intersection',
    z.object({ a: z.int().default(1).nullable() }).and(z.object({ a: z.int().default(2).nullable() })),
    "both sides of .and() have different defaults for 'a'",
  ],
  [
    'two defaults of an exclusive union',
    z.xor([z.string().default('x'), z.int().default(1)]),
    'several alternatives of z.xor() accept a missing value',
  ],
  [
    'two alternatives of an exclusive union that may be missing',
    z.xor([z.string().optional(), z.int().optional()]),
    'several alternatives of z.xor() accept a missing value',
  ],
  [
    'a default of an exclusive union beside anything',
    z.xor([z.unknown(), z.string().default('x')]),
    'several alternatives of z.xor() accept a missing value',
  ],
  [
    'a default after an alternative that may be missing',
    z.union([z.int().optional(), z.string().default('x')]),
    'hides the .default()',
  ],
  [
    'a tagged union with a tag that may be any text',
    z.discriminatedUnion('k', [z.object({ k: z.string() }), z.object({ k: z.literal('b') })]),
    'zod cannot tell the alternatives of z.discriminatedUnion() apart',
  ],
  [
    'a tagged union with a tag that is a template',
    z.discriminatedUnion('k', [
      z.object({ k: z.templateLiteral(['a', z.enum(['x', 'y'])]) }),
      z.object({ k: z.literal('b') }),
    ]),
    'zod cannot tell the alternatives of z.discriminatedUnion() apart',
  ],
  [
    'a tagged union with a tag twice',
    z.discriminatedUnion('k', [
      z.strictObject({ k: z.literal('a') }),
      z.strictObject({ k: z.literal('a'), y: z.int() }),
    ]),
    'Duplicate discriminator value "a"',
  ],
  [
    'a tagged union that falls back where several tags may be missing',
    z.discriminatedUnion(
      'k',
      [z.object({ k: z.literal('a').optional() }), z.object({ k: z.literal('b').default('b') })],
      { unionFallback: true },
    ),
    'several alternatives of z.discriminatedUnion() accept a missing',
  ],
  [
    'a listed name of every object whose value may be missing',
    z.record(z.enum(['constructor', 'b']), z.string().optional()),
    "'constructor' is a name that every object",
  ],
  [
    'a listed name that no event may have',
    z.record(z.enum(['__proto__', 'b']), z.string()),
    "an event may not have a field '__proto__'",
  ],
  ['a tuple without items', z.tuple([]), 'z.array(z.never()).max(0)'],
  ['a tuple of other items only', z.tuple([] as never, z.string()), 'write z.array(...)'],
  ['a union without alternatives', z.union([]), 'write z.never()'],
  ['an exclusive union without alternatives', z.xor([]), 'write z.never()'],
  ['a tagged union without alternatives', z.discriminatedUnion('k', [] as never), 'write z.never()'],
];
