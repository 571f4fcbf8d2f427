import type { JsonSchema } from '../../../lib/contracts/compatibility/json-schema.ts';
import { type Generator, propertySchemas, typesOf } from './generate.ts';

/** A value in which one keyword of its schema is broken at one place. */
export interface Violation {
  readonly keyword: string;
  readonly pointer: string;
  readonly value: unknown;
}

const OF_EACH_TYPE: readonly unknown[] = ['text', 7, 1.5, true, null, {}, []];
const WRONG_TEXTS = [
  ' ',
  '\u0000',
  'a\tb',
  'é',
  '🎺',
  '\ud83c',
  '\uffff',
  '\u{1ffff}',
  'a b',
  '%',
  '-',
  '"',
  '[',
  '1:2',
  'x@',
  '2026-02-30T12:00:00Z',
  '2026-13-01',
  'text/plain',
  'ftp',
];

/**
 * Breaks a right value in every way that its schema has words for: a member that is missing, a wrong type, out of range, against a
 * pattern, another name. What is not wrong after all has to be left out by the caller.
 */
export function* violationsOf(
  generator: Generator,
  given: readonly JsonSchema[],
  value: unknown,
  pointer = '',
): Iterable<Violation> {
  const schemas = choose(generator, generator.expand(given), value);
  for (const [keyword, wrong] of directly(schemas, value)) yield { keyword, pointer, value: wrong };
  if (Array.isArray(value)) {
    for (const [index, item] of value.slice(0, 2).entries()) {
      for (const inner of violationsOf(generator, itemsOf(schemas, index), item, `${pointer}/${index}`)) {
        yield { ...inner, value: value.with(index, inner.value) };
      }
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      for (const inner of violationsOf(
        generator,
        propertySchemas(schemas, name),
        member,
        `${pointer}/${name}`,
      )) {
        yield { ...inner, value: { ...value, [name]: inner.value } };
      }
    }
  }
}

function itemsOf(schemas: readonly JsonSchema[], index: number): readonly JsonSchema[] {
  return schemas.flatMap(({ items, prefixItems }) => {
    const own = prefixItems?.[index] ?? items;
    return typeof own === 'object' ? [own] : [];
  });
}

/** Of alternatives all count: a value that is wrong for every one is wrong, and the caller looks. */
function choose(generator: Generator, schemas: readonly JsonSchema[], value: unknown): readonly JsonSchema[] {
  return schemas.flatMap((schema) => {
    const choices = schema.anyOf ?? schema.oneOf;
    if (!choices) return [schema];
    return [schema, ...choices.flatMap((choice) => choose(generator, generator.expand([choice]), value))];
  });
}

function* directly(schemas: readonly JsonSchema[], value: unknown): Iterable<readonly [string, unknown]> {
  if (schemas.some((schema) => 'const' in schema || schema.enum)) yield ['const', `${value}?`];
  if (typesOf(schemas).length < 7) for (const other of OF_EACH_TYPE) yield ['type', other];
  if (typeof value === 'string') yield* textViolations(schemas);
  if (typeof value === 'number') yield* numberViolations(schemas);
  if (Array.isArray(value)) yield* arrayViolations(schemas, value);
  else if (typeof value === 'object' && value !== null) yield* objectViolations(schemas, value);
}

function* textViolations(schemas: readonly JsonSchema[]): Iterable<readonly [string, unknown]> {
  for (const { minLength, maxLength, pattern, format } of schemas) {
    if (minLength !== undefined) yield ['minLength', 'x'.repeat(Number(minLength) - 1)];
    if (maxLength !== undefined) yield ['maxLength', 'x'.repeat(Number(maxLength) + 1)];
    if (pattern !== undefined || format !== undefined)
      for (const wrong of WRONG_TEXTS) yield ['pattern', wrong];
  }
}

function* numberViolations(schemas: readonly JsonSchema[]): Iterable<readonly [string, unknown]> {
  for (const { minimum, maximum, exclusiveMinimum } of schemas) {
    if (minimum !== undefined) yield ['minimum', Number(minimum) - 1];
    if (maximum !== undefined) yield ['maximum', Number(maximum) + 1];
    if (exclusiveMinimum !== undefined) yield ['exclusiveMinimum', Number(exclusiveMinimum)];
  }
}

function* arrayViolations(
  schemas: readonly JsonSchema[],
  value: readonly unknown[],
): Iterable<readonly [string, unknown]> {
  for (const { minItems, maxItems, prefixItems } of schemas) {
    if (minItems !== undefined) yield ['minItems', value.slice(0, Number(minItems) - 1)];
    if (maxItems !== undefined)
      yield ['maxItems', Array.from({ length: Number(maxItems) + 1 }, () => value[0])];
    if (prefixItems) yield ['prefixItems', value.slice(1)];
  }
}

function* objectViolations(
  schemas: readonly JsonSchema[],
  value: object,
): Iterable<readonly [string, unknown]> {
  for (const name of new Set(schemas.flatMap(({ required = [] }) => required))) {
    yield ['required', Object.fromEntries(Object.entries(value).filter(([other]) => other !== name))];
  }
  for (const name of ['Upper', 'a-b', 'a_b', 'ä', '', '\uffff', '9 ', 'data_base64']) {
    yield ['propertyNames', { ...value, [name]: 'x' }];
    yield ['propertyNames', { ...value, [name]: null }];
  }
  yield [
    'propertyNames',
    JSON.parse(
      `${JSON.stringify(value).replace(/\}$/, Object.keys(value).length > 0 ? ',' : '')}"__proto__":1}`,
    ),
  ];
  for (const wrong of [[], {}, 1.5, 2 ** 31, -(2 ** 31) - 1, '\u0001', '\ud800'])
    yield ['additionalProperties', { ...value, further: wrong }];
}
