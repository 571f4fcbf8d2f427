import { stripTypeScriptTypes } from 'node:module';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { compareVersions } from '../../../lib/contracts/compatibility/compare-versions.ts';
import type { PublishedSchema } from '../../../lib/contracts/compatibility/json-schema.ts';
import { publishedSchema } from '../../../lib/contracts/compatibility/json-schema.ts';
import { defineEvent } from '../../../lib/contracts/define-event.ts';
import type { ForeignSchema } from '../../../lib/contracts/source/read-keywords.ts';
import { zodSource } from '../../../lib/contracts/source/zod-source.ts';
import { findHidden } from '../../../lib/contracts/visibility/find-hidden.ts';
import { DEFAULTS, type Fields, fields, shape } from './compatibility/shapes.ts';
import { zodOf } from './compatibility/zod-of.ts';

/** More of them: `SOURCE_CASES=10000 npx vitest run test/unit/contracts/source.test.ts`. */
const CASES = Number(process.env.SOURCE_CASES ?? 300);

function publish(data: z.ZodType): PublishedSchema {
  const event = defineEvent({ type: 'shop.OrderPlaced', version: 1, description: 'An order.', data });
  return JSON.parse(JSON.stringify(publishedSchema(event, 'An order.')));
}

/** What a contract has whose data is the source text. */
function publishSource(text: {
  readonly constants: readonly { name: string; text: string }[];
  data: string;
}) {
  const constants = text.constants.map((one) => `const ${one.name} = ${one.text};`).join('\n');
  const script = stripTypeScriptTypes(`function data() {\n${constants}\nreturn ${text.data};\n}`);
  return publish(new Function('z', `${script}\nreturn data();`)(z));
}

function write({ title: _, description: _d, ...data }: ForeignSchema) {
  const taken = new Set<string>();
  return zodSource(data, (suggestion) => {
    let name = suggestion;
    while (taken.has(name)) name += '_';
    taken.add(name);
    return name;
  });
}

function roundTrip(data: z.ZodType): 'same' | 'refused' {
  const schema = publish(data);
  const text = write(schema);
  if (JSON.stringify(text).includes('.and(') && isRefused(text)) return 'refused';
  expect(JSON.stringify(text)).not.toMatch(/[\u2028\u2029]/);
  const again = publishSource(text);
  // zod joins the parts of an intersection as far as it can, and here it gets parts that it has joined: it may join more of them.
  if (JSON.stringify(schema).includes('"allOf"') && JSON.stringify(text).includes('.and(')) {
    const broken = compareVersions(schema, again).changes.filter(({ breaks }) => breaks.length > 0);
    // Of what no value can keep, nothing can be said.
    expect(broken.filter(({ detail }) => !detail.includes('no data was found'))).toEqual([]);
    return 'same';
  }
  expect(inOrder({ ...again, text })).toEqual(inOrder({ ...schema, text }));
  return 'same';
}

/** Parts that no value can keep together become an intersection that a contract may not have. Its author is told. */
function isRefused(text: Parameters<typeof publishSource>[0]): boolean {
  try {
    publishSource(text);
    return false;
  } catch (error) {
    return error instanceof TypeError && error.message.includes('within .and()');
  }
}

/** The order of required names says nothing; zod joins those of the parts of an object. */
function inOrder(schema: object): unknown {
  return JSON.parse(JSON.stringify(schema), (name, value) =>
    name === 'required' && Array.isArray(value) ? value.toSorted() : value,
  );
}

const options = { numRuns: CASES, seed: 20_261 } as const;

describe('the source text of a JSON Schema has this JSON Schema', () => {
  it('whatever the shape', { timeout: 60_000 + 100 * CASES }, () => {
    const results: string[] = [];
    fc.assert(
      fc.property(fields, (shapes: Fields) => {
        const data = zodOf(shapes);
        fc.pre(findHidden(data).length === 0);
        results.push(roundTrip(data));
      }),
      options,
    );
    expect(results.filter((result) => result === 'refused').length).toBeLessThan(CASES / 200);
  });

  it('with words, defaults and what cannot be changed, anywhere', { timeout: 60_000 + 100 * CASES }, () => {
    const words = fc.record({
      inner: shape,
      title: fc.option(fc.string(), { nil: undefined }),
      description: fc.option(fc.string(), { nil: undefined }),
      initial: fc.option(fc.constantFrom(...DEFAULTS), { nil: undefined }),
      isFixed: fc.boolean(),
      isOptional: fc.boolean(),
      isNullable: fc.boolean(),
    });
    fc.assert(
      fc.property(words, ({ inner, title, description, initial, ...is }) => {
        let one = zodOf({ a: { shape: inner, optional: false } });
        if (is.isFixed) one = one.readonly();
        if (is.isNullable) one = one.nullable();
        if (initial !== undefined) one = one.default(initial);
        if (title ?? description) one = one.meta({ title, description, 'x-pii': true, examples: [initial] });
        const data = z.object({ a: is.isOptional ? one.optional() : one, 'b/~ "': z.array(one) });
        fc.pre(findHidden(data).length === 0);
        roundTrip(data);
      }),
      options,
    );
  });

  const money = z.object({ minor: z.int() }).meta({ id: 'Money', description: 'An amount.' });
  const tree: z.ZodType = z.object({ name: z.string(), children: z.array(z.lazy(() => tree)) });
  const person: z.ZodType = z.object({
    get friends() {
      return z.array(person);
    },
  });
  const even: z.ZodType = z.object({ odd: z.lazy(() => odd).optional() });
  const odd: z.ZodType = z.object({ even: z.lazy(() => even).nullable() });
  const json = z.json();

  it.each([
    ['lengths', z.string().min(1).max(9).length(5)],
    [
      'patterns',
      z
        .string()
        .regex(/^\p{L}+$/u)
        .startsWith('a/b')
        .includes('"b\n')
        .lowercase(),
    ],
    ['a pattern that would end a literal', z.string().regex(/[/]\/\$\{x\}`/)],
    ['several patterns before a format', z.string().startsWith('https://').endsWith('/').check(z.url())],
    ['a format after another', z.email().check(z.uuid())],
    ['a format with a limit', z.email().max(100)],
    ['a format of its own', z.stringFormat('sku', /^[A-Z]+-\d+$/)],
    [
      'a format of its own after a pattern',
      z
        .string()
        .min(2)
        .regex(/^A/)
        .check(z.stringFormat('sku', /^[A-Z]+-\d+$/)),
    ],
    ['email with a pattern', z.email({ pattern: z.regexes.html5Email })],
    [
      'dates',
      z.object({
        a: z.iso.datetime(),
        b: z.iso.datetime({ offset: true, precision: 3 }),
        c: z.iso.datetime({ local: true }),
        d: z.iso.datetime({ precision: -1 }),
        e: z.iso.date(),
        f: z.iso.time(),
        g: z.iso.time({ precision: 0 }),
        h: z.iso.duration(),
      }),
    ],
    [
      'ids',
      z.object({
        a: z.uuid(),
        b: z.uuidv4(),
        c: z.guid(),
        d: z.ulid(),
        e: z.nanoid(),
        f: z.cuid2(),
        g: z.ksuid(),
        h: z.xid(),
        i: z.uuidv7(),
      }),
    ],
    [
      'nets',
      z.object({
        a: z.ipv4(),
        b: z.ipv6(),
        c: z.cidrv4(),
        d: z.cidrv6(),
        e: z.hostname(),
        f: z.mac(),
        g: z.url(),
      }),
    ],
    [
      'codes',
      z.object({
        a: z.base64(),
        b: z.base64url(),
        c: z.hex(),
        d: z.hash('sha256'),
        e: z.hash('md5', { enc: 'base64' }),
        f: z.jwt(),
        g: z.emoji(),
        h: z.iban(),
        i: z.e164(),
        j: z.creditCard(),
        k: z.currencyCode(),
      }),
    ],
    [
      'numbers',
      z.object({
        a: z.int().min(1).lt(9),
        b: z.number().multipleOf(0.5).multipleOf(3),
        c: z.int32(),
        d: z.float32(),
        e: z.uint32(),
        f: z.number().positive(),
        g: z.int().max(-1),
      }),
    ],
    [
      'values',
      z.object({
        a: z.enum(['x', 'y"']),
        b: z.literal([1, 'a', null, true]),
        c: z.null(),
        d: z.boolean(),
        e: z.literal('a'),
        f: z.literal(null),
        g: z.literal([1, 2]),
        h: z.enum(['one']),
      }),
    ],
    ['anything', z.object({ a: z.unknown(), b: z.any().optional(), c: z.never().optional(), d: json })],
    [
      'lists',
      z.object({
        a: z.array(z.string()).min(1).max(3),
        b: z.tuple([z.string(), z.int().optional()], z.int()),
        c: z.tuple([z.string().optional()]),
        d: z.array(z.int()).length(2),
      }),
    ],
    [
      'records',
      z.object({
        a: z.record(z.string().max(3), z.int()),
        b: z.partialRecord(z.enum(['x']), z.int()),
        c: z.record(z.enum(['x', 'y']), z.int()),
        d: z.record(z.union([z.literal('p'), z.literal('q')]), z.string()),
      }),
    ],
    ['a template', z.templateLiteral(['order-', z.int()])],
    ['objects', z.looseObject({ a: z.strictObject({ b: z.string() }), c: z.object({}).catchall(z.int()) })],
    [
      'alternatives',
      z.union([
        z.string(),
        z.object({ a: z.xor([z.string(), z.int()]), b: z.union([z.string(), z.null(), z.boolean()]) }),
      ]),
    ],
    [
      'a tagged union',
      z.discriminatedUnion('by', [
        z.object({ by: z.literal('card') }),
        z.object({ by: z.literal('cash'), note: z.string() }),
      ]),
    ],
    [
      'parts',
      z
        .object({ a: z.string() })
        .describe('A.')
        .and(z.object({ b: z.int() }))
        .and(z.looseObject({}).describe('C.')),
    ],
    [
      'defaults',
      z.object({
        a: z.string().default('x'),
        b: z.array(z.string()).default(() => []),
        c: z.int().prefault(1),
        d: z.object({ e: z.int().default(2) }).prefault({}),
        f: z.nonoptional(z.string().default('x')),
        g: z.string().nullable().default(null),
      }),
    ],
    [
      'names that have to be quoted',
      z.object({ 'a-b': z.string(), "it's": z.int(), constructor: z.string(), ü: z.int(), '': z.int() }),
    ],
    [
      'a definition',
      z.object({
        price: money,
        costs: z.array(money),
        tax: money.optional(),
        more: money.describe('Another.'),
      }),
    ],
    ['a definition as its root', money],
    ['itself', person],
    ['a part that has itself', z.object({ root: tree, other: z.array(tree) })],
    ['two parts that have each other', z.object({ even, odd })],
    [
      'words',
      z
        .object({
          sku: z
            .string()
            .brand('Sku')
            .describe('A sku.')
            .meta({ title: 'Sku', examples: ['a'], deprecated: true, 'x-pii': true }),
        })
        .meta({ examples: [{ sku: 'a' }], 'x-owner': 'shop' }),
    ],
    [
      'ends of lines that JSON does not know',
      z.object({
        a: z.enum(['x\u2028y', '\u2029']),
        b: z.string().default('a\u2028  b\u2029c'),
        'c\u2028d\u2029e': z.object({ f: z.literal('\u2028g') }).describe('h\u2029i'),
        j: z.string().regex(/^\u2028[\u2029]$/),
        k: z.string().includes('l\u2028m'),
        r: z.stringFormat('s\u2029t', /^u$/),
        v: z.array(z.string()).prefault(['w\u2028']).meta({ 'x-y\u2028': 'z\u2029' }),
      }),
    ],
    ['a list of what may be missing', z.object({ a: z.array(z.string().optional()) })],
  ] satisfies readonly (readonly [string, z.ZodType])[])('%s', (_, data) => {
    expect(roundTrip(data)).toBe('same');
  });
});

describe('is refused because it leads only to itself', () => {
  const to = (id: string) => ({ $ref: `#/$defs/${id}` });

  it.each<[string, ForeignSchema, string]>([
    ['the root', { $ref: '#' }, '/$ref'],
    ['the root as an alternative', { anyOf: [{ type: 'null' }, { $ref: '#' }] }, '/anyOf/1/$ref'],
    ['two definitions', { ...to('A'), $defs: { A: to('B'), B: to('A') } }, '/$defs/B/$ref'],
    [
      'a definition in a field',
      { type: 'object', properties: { a: to('A') }, $defs: { A: { allOf: [{}, to('A')] } } },
      '/$defs/A/allOf/1/$ref',
    ],
    [
      'a definition that was read on another way before',
      {
        ...to('A'),
        $defs: {
          A: { anyOf: [{ type: 'object', properties: { b: to('B') } }, to('B')] },
          B: to('A'),
        },
      },
      '/$defs/A/anyOf/1/$ref',
    ],
  ])('%s', (_, schema, pointer) => {
    expect(() => write(schema)).toThrow(
      expect.objectContaining({ pointer, detail: expect.stringContaining('leads only to itself') }),
    );
  });
});

describe('the levels of a schema', () => {
  const nest = (levels: number, one: (inner: ForeignSchema) => ForeignSchema): ForeignSchema =>
    levels === 1 ? { type: 'object', properties: {} } : one(nest(levels - 1, one));
  const NESTS: Readonly<Record<string, (inner: ForeignSchema) => ForeignSchema>> = {
    objects: (inner) => ({ type: 'object', properties: { a: inner }, required: ['a'] }),
    lists: (items) => ({ type: 'array', items }),
    tuples: (inner) => ({ type: 'array', prefixItems: [inner], items: false, minItems: 1 }),
    records: (inner) => ({
      type: 'object',
      propertyNames: { type: 'string' },
      additionalProperties: inner,
    }),
    alternatives: (inner) => ({ anyOf: [{ type: 'string' }, inner] }),
  };
  /** Definitions that each have the next; the deepest is the first that is read. */
  const chain = (length: number): ForeignSchema => {
    const ids = Array.from({ length }, (_, index) => `A${index}`);
    const fields = ids.map((id) => [id, { $ref: `#/$defs/${id}` }] as const);
    const object = (properties: object) => ({ type: 'object', properties });
    return {
      ...object(Object.fromEntries(fields.toReversed())),
      $defs: Object.fromEntries(
        ids.map((id, index) => [id, object(Object.fromEntries(fields.slice(index + 1, index + 2)))]),
      ),
    };
  };

  it.each(Object.entries(NESTS))('may be 100: %s', (_, one) => {
    const schema = { ...NESTS.objects?.(nest(99, one)) };
    expect(() => publishSource(write(schema))).not.toThrow();
    const deeper = { ...NESTS.objects?.(nest(100, one)) };
    expect(() => write(deeper)).toThrow(
      expect.objectContaining({
        pointer: expect.stringMatching(/^\/properties\/a\//),
        detail: expect.stringContaining('deeper than 100 levels'),
      }),
    );
  });

  it('are counted through definitions in any order, two for each: the reference and what it leads to', () => {
    expect(() => publishSource(write(chain(49)))).not.toThrow();
    expect(() => write(chain(50))).toThrow(/deeper than 100 levels/);
  });

  it.each([900, 5_000])('are refused at %d', (levels) => {
    let schema: ForeignSchema = { type: 'object' };
    for (let level = 0; level < levels; level++) schema = { type: 'object', properties: { a: schema } };
    expect(() => write(schema)).toThrow(/deeper than 100 levels/);
  });

  it('are those of a value too', () => {
    const value = JSON.parse(`${'['.repeat(20_000)}${']'.repeat(20_000)}`);
    expect(() => write({ type: 'object', properties: { a: { default: value } } })).toThrow(
      expect.objectContaining({
        pointer: '/properties/a/default',
        detail: expect.stringContaining('deeper than 100 levels'),
      }),
    );
  });
});

describe('is refused with its place', () => {
  const field = (schema: object): ForeignSchema => ({ type: 'object', properties: { a: schema } });

  it.each([
    ['a keyword of no contract', { if: {}, type: 'string' }, '/properties/a/if'],
    ['a format without a pattern', { type: 'string', format: 'geo' }, '/properties/a/format'],
    ['a wrong pattern', { type: 'string', pattern: '(' }, '/properties/a/pattern'],
    ['an encoding', { type: 'string', contentEncoding: 'base64' }, '/properties/a/contentEncoding'],
    ['what is excluded', { not: { type: 'string' } }, '/properties/a/not'],
    ['a list as a value', { const: [] }, '/properties/a/const'],
    ['a reference to elsewhere', { $ref: 'other.json' }, '/properties/a/$ref'],
    ['a reference to nothing', { $ref: '#/$defs/A' }, '/properties/a/$ref'],
    ['rules beside a reference', { $ref: '#', type: 'object' }, '/properties/a/type'],
    ['an unknown type', { type: 'date' }, '/properties/a/type'],
    ['a limit that is no number', { type: 'string', minLength: '1' }, '/properties/a/minLength'],
    ['a required field that is not there', { type: 'object', required: ['b'] }, '/properties/a/required'],
    ['names with patterns', { type: 'object', patternProperties: {} }, '/properties/a/patternProperties'],
    ['no alternative', { anyOf: [] }, '/properties/a/anyOf'],
    ['no object', 7, '/properties/a'],
    [
      'a default that would set a prototype',
      { default: JSON.parse('{"__proto__":1}') },
      '/properties/a/default',
    ],
    [
      'a field with ~ and /',
      { properties: { 'b/~': { $id: 'x' } }, type: 'object' },
      '/properties/a/properties/b~1~0/$id',
    ],
  ])('%s', (_, schema, pointer) => {
    expect(() => write(field(Object(schema) === schema ? (schema as object) : (schema as never)))).toThrow(
      expect.objectContaining({ name: 'InexpressibleSchemaError', pointer }),
    );
  });
});
