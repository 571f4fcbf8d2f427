import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { publishedSchema } from '../../../lib/contracts/compatibility/json-schema.ts';
import { defineEvent, type EventContract } from '../../../lib/contracts/define-event.ts';
import { HIDDEN, isEven } from './visibility/hidden.ts';
import { HIDDEN_INTERSECTIONS } from './visibility/hidden-intersections.ts';

const define = (data: z.ZodType): EventContract =>
  defineEvent({ type: 'shop.OrderPlaced', version: 1, description: 'An order.', data });
const field = (f: z.ZodType): z.ZodType => z.object({ f });

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
  it.each([...HIDDEN, ...HIDDEN_INTERSECTIONS])('%s', (_, schema, detail) => {
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
    ['a recursive shape with another', person.and(z.object({ mark: z.string() })).and(person)],
    [
      'lists and records together',
      z
        .object({
          l: z.array(z.object({ a: z.string().default('x') })),
          t: z.tuple([z.string(), z.string().default('q')]),
          r: z.record(z.string(), z.object({ a: z.string().default('x') })),
          o: z.object({ a: z.string().default('x') }),
        })
        .and(
          z.object({
            l: z.array(z.object({ a: z.string().default('x'), b: z.int().default(1) })),
            t: z.array(z.string()).min(2),
            r: z.record(z.string(), z.object({ b: z.string().default('y') })),
            o: z.object({}).catchall(z.string().default('y')),
          }),
        ),
    ],
    ['listed names of every object', z.record(z.enum(['constructor', 'b']), z.string())],
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
