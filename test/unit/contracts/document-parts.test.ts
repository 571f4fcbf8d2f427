import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { defineEvent } from '../../../lib/contracts/define-event.ts';
import { documentedVersions, eventSchemas } from '../../../lib/contracts/documents/event-schemas.ts';
import { requestExamples } from '../../../lib/contracts/documents/examples.ts';
import { CHARACTERS_PATTERN, JSON_TEXT_PATTERN } from '../../../lib/contracts/documents/text-patterns.ts';
import { hasAllowedCharacters } from '../../../lib/contracts/envelope/attribute-types.ts';
import { inspectValue } from '../../../lib/contracts/json/json-value.ts';

const Tree: z.ZodType = z.object({ name: z.string(), children: z.array(z.lazy(() => Tree)) });

describe('what the documents say of characters', () => {
  const wholeText = new RegExp(CHARACTERS_PATTERN, 'u');
  const inJson = new RegExp(JSON_TEXT_PATTERN, 'u');

  it('is what the checks do, of every code point', () => {
    const other: string[] = [];
    for (let code = 0; code <= 0x10ffff; code++) {
      const text = String.fromCodePoint(code);
      if (wholeText.test(text) !== hasAllowedCharacters(text)) other.push(code.toString(16));
      if (inJson.test(text) !== (inspectValue(text, 1).problems.length === 0)) other.push(code.toString(16));
    }
    expect(other).toEqual([]);
  });
});

describe('a schema of a contract', () => {
  const schemaOf = (data: z.ZodType, place: 'request' | 'topic') => {
    const contract = defineEvent({ type: 'test.Happened', version: 1, description: 'It happened.', data });
    const schemas = eventSchemas(documentedVersions([contract]), place, false);
    return schemas['test.Happened.v1.data'];
  };

  it('asks for no format that would refuse what the contract takes', () => {
    const data = z.object({ email: z.email(), page: z.url(), id: z.uuid() });
    expect(schemaOf(data, 'request')).toMatchObject({
      properties: { email: { 'x-format': 'email' }, page: { format: 'uri' }, id: { format: 'uuid' } },
    });
    expect(schemaOf(data, 'topic')).toMatchObject({
      properties: { email: { 'x-format': 'email' }, page: { 'x-format': 'uri' }, id: { format: 'uuid' } },
    });
  });

  it.each(['request', 'topic'] as const)(
    'has no step and no pattern that refuses what the contract takes: %s',
    (place) => {
      const data = z.object({
        price: z.number().multipleOf(0.01),
        both: z.number().multipleOf(0.5).multipleOf(3),
        pairs: z.int().multipleOf(2),
        address: z.ipv6(),
        home: z.ipv6().optional(),
        own: z.string().regex(z.regexes.ipv6),
      });
      const { properties } = Object(schemaOf(data, place));
      expect(properties.price).toEqual({ type: 'number', 'x-multipleOf': 0.01 });
      expect(properties.both).toEqual({ type: 'number', 'x-multipleOf': 0.5, allOf: [{ multipleOf: 3 }] });
      expect(properties.pairs).toMatchObject({ type: 'integer', multipleOf: 2 });
      expect([properties.address, properties.home]).toEqual([
        { type: 'string', format: 'ipv6' },
        { type: 'string', format: 'ipv6' },
      ]);
      expect(properties.own).toHaveProperty('pattern');
    },
  );

  it('has its lists of fixed length in the words of each draft', () => {
    const data = z.object({ pair: z.tuple([z.string()], z.int()) });
    expect(schemaOf(data, 'request')).toMatchObject({
      properties: { pair: { prefixItems: [{ type: 'string' }] } },
    });
    const { pair } = Object(schemaOf(data, 'topic')).properties;
    expect(pair).toMatchObject({ items: [{ type: 'string' }], additionalItems: { type: 'integer' } });
    expect(pair).not.toHaveProperty('prefixItems');
  });

  it('keeps fields and values that look like keywords', () => {
    const data = z.object({
      $ref: z.string(),
      format: z.literal('email'),
      const: z.object({ $ref: z.int() }),
    });
    expect(schemaOf(data, 'request')).toMatchObject({
      properties: {
        $ref: { type: 'string' },
        format: { const: 'email' },
        const: { properties: { $ref: { type: 'integer' } } },
      },
    });
  });
});

describe('an example', () => {
  const examplesOf = (data: z.ZodType) => {
    const contract = defineEvent({ type: 'test.Happened', version: 1, description: 'It happened.', data });
    return requestExamples(documentedVersions([contract]), false).structured['test.Happened.v1'];
  };

  it.each<[string, z.ZodType]>([
    ['a pattern', z.object({ code: z.string().regex(/^[A-Z]{3}-\d+(?:x|y)?$/) })],
    ['letters and a class', z.object({ code: z.string().regex(/^\p{Lu}[^\d\s]\u0041$/u) })],
    ['recursion', z.object({ tree: Tree })],
    ['alternatives', z.object({ either: z.union([z.int().min(7), z.boolean()]), none: z.null() })],
    [
      'lists and records',
      z.object({ list: z.array(z.string().min(3)).min(2), of: z.record(z.enum(['a', 'b']), z.int()) }),
    ],
    [
      'formats',
      z.object({
        a: z.email(),
        b: z.uuid(),
        c: z.iso.datetime(),
        d: z.iso.date(),
        e: z.iso.time(),
        f: z.url(),
      }),
    ],
  ])('is right for %s', (_, data) => {
    const example = examplesOf(data);
    expect(data.safeParse(Object(example?.value).data).success).toBe(true);
  });

  it('is what the contract names', () => {
    const data = z.object({ a: z.string() }).meta({ examples: [{ a: 'from the contract' }] });
    expect(examplesOf(data)).toMatchObject({ value: { data: { a: 'from the contract' } } });
  });

  it('is left out when none can be made', () => {
    expect(examplesOf(z.object({ code: z.string().regex(/^(?=.*7)(?=.*q)[7q]{5}$/) }))).toBeUndefined();
  });
});

describe('an example is found for', () => {
  it.each<readonly [string, z.ZodType]>([
    ['a number between 0 and 1', z.number().gt(0).lt(1)],
    ['a number below 0', z.number().lt(0)],
    ['a small number', z.number().positive().max(0.001)],
    ['a whole number between two', z.int().gt(-7).lt(-5)],
    ['a multiple below a bound', z.number().multipleOf(5).lt(0)],
    [
      'a union whose first alternative cannot be written',
      z.union([z.string().regex(/^(?=b)[ab]c$/), z.int()]),
    ],
    [
      'a union whose first two alternatives cannot be written',
      z.union([z.string().regex(/^(?=b)[ab]c$/), z.string().regex(/^(?=b)[ab]d$/), z.object({ a: z.int() })]),
    ],
    [
      'an exclusive union whose first alternative cannot be written',
      z.xor([z.string().regex(/^(?=b)[ab]c$/), z.array(z.int())]),
    ],
  ])('%s', (_, f) => {
    const contract = defineEvent({
      type: 'test.Happened',
      version: 1,
      description: 'It happened.',
      data: z.object({ f }),
    });
    expect(Object.keys(requestExamples(documentedVersions([contract]), false).structured)).toEqual([
      'test.Happened.v1',
    ]);
  });
});
