import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { publishedSchema } from '../../../lib/contracts/compatibility/json-schema.ts';
import { defineEvent, type EventContract } from '../../../lib/contracts/define-event.ts';

const define = (data: z.ZodType): EventContract =>
  defineEvent({ type: 'shop.OrderPlaced', version: 1, description: 'An order.', data });
const field = (f: z.ZodType): z.ZodType => z.object({ f });
const isEven = (n: number): boolean => n % 2 === 0;
class Money {}

/** What is hidden, a field that hides it, and what the error says of it. */
const HIDDEN: readonly (readonly [string, z.ZodType, string])[] = [
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
  ['a literal that is undefined', z.literal(undefined), 'undefined is no JSON value'],
  ['a literal that is a bigint', z.literal(1n), '1 is no JSON value'],
  ['a literal that is not finite', z.literal(Number.NaN), 'NaN is no JSON value'],
  ['an endless bound', z.number().max(Number.POSITIVE_INFINITY), 'Infinity is no number of JSON'],
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
  ['a default that is random', z.string().default(() => crypto.randomUUID()), '.default() is another value'],
  [
    'a default that is the time',
    z.iso.datetime().default(() => new Date().toISOString()),
    '.default() is another value',
  ],
  [
    'a default that is the date',
    z.string().default(() => new Date(Date.now()).toISOString().slice(0, 10)),
    '.default()',
  ],
  ['a prefault that is the time', z.number().prefault(() => Date.now()), '.prefault() is another value'],
  ['a default that JSON has not', z.number().default(Number.NaN), '.default() is no JSON value'],
  [
    'a default that is the time of day',
    z.string().default(() => new Date().toISOString()),
    '.default() is another value',
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
    "no event may have a field '__proto__'",
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
  ['names that are numbers', z.record(z.number().min(5), z.string()), 'the names of a record'],
  ['names that are let through', z.looseRecord(z.string().regex(/^a/), z.int()), 'z.looseRecord()'],
  ['what is not there yet', z.lazy(() => expect.fail('later is not defined')), 'define what it needs above'],
];

/** Ways in which a field can lie within data. */
const PLACES: readonly (readonly [string, (inner: z.ZodType) => z.ZodType, string])[] = [
  ['the data itself', (inner) => inner, '/data'],
  ['an object', (inner) => z.object({ a: z.strictObject({ 'b/c': inner }) }), '/data/a/b~1c'],
  ['the rest of an object', (inner) => z.object({}).catchall(inner), '/data/*'],
  ['an array', (inner) => z.object({ a: z.array(inner) }), '/data/a/*'],
  ['a tuple', (inner) => z.object({ a: z.tuple([z.string(), inner]) }), '/data/a/1'],
  ['the rest of a tuple', (inner) => z.object({ a: z.tuple([z.string()], inner) }), '/data/a/*'],
  ['a record', (inner) => z.object({ a: z.record(z.string(), inner) }), '/data/a/*'],
  ['a union', (inner) => z.object({ a: z.union([z.string(), inner]) }), '/data/a'],
  [
    'a tagged union',
    (inner) =>
      z.discriminatedUnion('by', [
        z.object({ by: z.literal('a') }),
        z.object({ by: z.literal('b'), c: inner }),
      ]),
    '/data/c',
  ],
  ['an intersection', (inner) => z.object({ a: z.string() }).and(z.object({ b: inner })), '/data/b'],
  ['wrappers', (inner) => z.object({ a: inner.optional().nullable().readonly() }), '/data/a'],
  ['something required again', (inner) => z.object({ a: z.nonoptional(inner.optional()) }), '/data/a'],
  ['something lazy', (inner) => z.object({ a: z.lazy(() => inner) }), '/data/a'],
  [
    'a getter',
    (inner) =>
      z.object({
        get a() {
          return inner;
        },
      }),
    '/data/a',
  ],
];

describe('a contract is refused when its JSON Schema does not show all of it', () => {
  it.each(HIDDEN)('%s', (_, schema, detail) => {
    expect(() => define(field(schema))).toThrow(TypeError);
    expect(() => define(field(schema))).toThrow(`shop.OrderPlaced.v1 cannot be defined`);
    expect(() => define(field(schema))).toThrow('\n  /data/f: ');
    expect(() => define(field(schema))).toThrow(detail);
  });

  it.each(PLACES)('in %s', (_, place, pointer) => {
    expect(() => define(place(z.number().refine(isEven)))).toThrow(`\n  ${pointer}: .refine()`);
    expect(() => define(place(z.date()))).toThrow(`\n  ${pointer}: z.date()`);
  });

  it('in the names of a record', () => {
    expect(() => define(field(z.record(z.string().refine(Boolean), z.int())))).toThrow(
      '/data/f/*: .refine()',
    );
    expect(() => define(field(z.record(z.string().trim(), z.int())))).toThrow('/data/f/*: .trim()');
    expect(() => define(field(z.partialRecord(z.union([z.literal('a'), z.int()]), z.int())))).toThrow(
      'the names',
    );
  });

  it('in a recursive shape, and says everything at once, each once', () => {
    const at = z.date();
    const Tree: z.ZodType = z.object({
      name: z.string().trim(),
      at,
      changed: at,
      children: z.array(z.lazy(() => Tree)),
    });
    const told = /cannot be defined.*\n {2}\/data\/name: .*\n {2}\/data\/at: [^\n]*$/;
    expect(() => define(Tree)).toThrow(told);
  });

  it('in an earlier version, which is named', () => {
    const upcast = (): { at: string } => ({ at: '' });
    const earlier = [{ version: 1, data: z.object({ at: z.date() }), upcast }] as const;
    const data = z.object({ at: z.iso.datetime() });
    const event = { type: 'shop.OrderPlaced', version: 2, description: '', data, earlier } as const;
    expect(() => defineEvent(event)).toThrow('shop.OrderPlaced.v1 cannot be defined');
  });

  it('and leaves the clock as it was', () => {
    const [RealDate, before] = [Date, Date.now()];
    expect(() => define(field(z.int().default(() => Date.now())))).toThrow();
    expect(() => define(field(z.int().default(() => expect.fail())))).toThrow();
    expect(Date).toBe(RealDate);
    expect(Date.now() - before).toBeLessThan(60_000);
  });
});

describe('a contract is taken, and has a JSON Schema, when it is made of', () => {
  const person: z.ZodType = z.object({
    get friends() {
      return z.array(person);
    },
  });
  it.each([
    [
      'text',
      z
        .string()
        .min(1)
        .max(9)
        .length(5)
        .regex(/^\p{L}+$/u)
        .startsWith('a')
        .includes('b')
        .lowercase(),
    ],
    [
      'formats',
      z.object({
        a: z.email(),
        b: z.uuid(),
        c: z.iso.datetime({ offset: true }),
        d: z.base64(),
        e: z.ipv6(),
      }),
    ],
    [
      'more formats',
      z.object({ a: z.hex(), b: z.hash('sha256'), c: z.jwt(), d: z.iso.time(), e: z.emoji(), f: z.iban() }),
    ],
    ['a format after a pattern', z.string().startsWith('https://').check(z.url())],
    ['a pattern with a name', z.stringFormat('sku', /^[A-Z]+-\d+$/)],
    [
      'numbers',
      z.object({ a: z.int().min(1).lt(9), b: z.number().multipleOf(0.5), c: z.int32(), d: z.float32() }),
    ],
    [
      'values',
      z.object({ a: z.enum(['x', 'y']), b: z.literal([1, 'a', null, true]), c: z.null(), d: z.boolean() }),
    ],
    ['anything', z.object({ a: z.unknown(), b: z.any(), c: z.never().optional(), d: z.json() })],
    ['lists', z.object({ a: z.array(z.string()).min(1).max(3), b: z.tuple([z.string()], z.int()) })],
    [
      'names and values',
      z.object({ a: z.record(z.string().max(3), z.int()), b: z.partialRecord(z.enum(['x']), z.int()) }),
    ],
    ['a template', z.templateLiteral(['order-', z.int()])],
    ['objects', z.looseObject({ a: z.strictObject({ b: z.string() }), c: z.object({}).catchall(z.int()) })],
    ['alternatives', z.union([z.string(), z.object({ a: z.xor([z.string(), z.int()]) })])],
    [
      'defaults',
      z.object({
        a: z.string().default('x'),
        b: z.array(z.string()).default(() => []),
        c: z.int().prefault(1),
      }),
    ],
    ['names that every object has', z.object({ constructor: z.string(), toString: z.int() })],
    ['strict objects together', z.strictObject({ a: z.string() }).and(z.strictObject({ b: z.string() }))],
    [
      'parts with words',
      z
        .object({ a: z.string() })
        .describe('A.')
        .and(z.object({ b: z.string() })),
    ],
    ['itself', person],
    [
      'brands and words',
      z
        .string()
        .brand('Sku')
        .describe('A sku.')
        .meta({ title: 'Sku', examples: ['a'], 'x-pii': true }),
    ],
    ['words as checks', z.string().check(z.describe('A sku.'), z.meta({ deprecated: true }))],
  ] satisfies readonly (readonly [string, z.ZodType])[])('%s', (_, data) => {
    const contract = define(data);
    expect(publishedSchema(contract, 'An order.')).toMatchObject({ title: 'shop.OrderPlaced.v1' });
  });
});
