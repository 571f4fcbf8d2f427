import * as fc from 'fast-check';
import type { JsonSchema } from '../../../lib/contracts/compatibility/json-schema.ts';

/** Values for the patterns that fast-check cannot generate from: those that look ahead. */
const BY_FORMAT: Readonly<Record<string, fc.Arbitrary<string>>> = {
  'uri-reference': fc.oneof(
    fc.webUrl({ withQueryParameters: true, withFragments: true }),
    fc.constantFrom('/a', 'a%20b', 'urn:a:b', '?q', '//[::1]:80/a', '..'),
  ),
  uri: fc.oneof(fc.webUrl({ withFragments: true }), fc.constantFrom('urn:a:b', 'http://[::1]/')),
  ipv6: fc.oneof(fc.ipV6(), fc.constantFrom('::1', '::ffff:1.2.3.4', '2001:db8::192.0.2.1')),
  duration: fc.constantFrom('P1D', 'PT0.5S', 'P2W', 'P1Y2M3DT4H5M6S'),
  email: fc.constantFrom('ada@example.com', "o'neil+x@a-.example.org", 'A_B@x.yz'),
};
/** Values of attributes of which the documents say more in words: no schema knows what time it is. */
const BY_WORDS: Readonly<Record<string, fc.Arbitrary<string>>> = {
  deliverat: fc
    .date({ noInvalidDate: true, min: new Date(0), max: new Date(Date.now() + 364 * 86_400_000) })
    .map((date) => date.toISOString()),
};
const MAX_DEPTH = 4;

/** Makes values of schemas that may refer to each other within one document. */
export class Generator {
  readonly #made = new Map<string, fc.Arbitrary<unknown>>();
  readonly #definitions: JsonSchema;
  readonly #keeps: (schema: JsonSchema, value: unknown) => boolean;

  constructor(definitions: JsonSchema, keeps: (schema: JsonSchema, value: unknown) => boolean) {
    this.#definitions = definitions;
    this.#keeps = keeps;
  }

  /** Values that keep the schema. Nearly all are made right; what is not is left out. */
  values(schema: JsonSchema): fc.Arbitrary<unknown> {
    return this.#all([schema], 0).filter((value) => this.#keeps(schema, value));
  }

  /** The schemas that say something of a value together, without references and intersections; alternatives as they are. */
  expand(schemas: readonly JsonSchema[]): readonly JsonSchema[] {
    return schemas.flatMap((schema) => {
      const { $ref, allOf, ...rest } = schema;
      const parts = [...($ref === undefined ? [] : [this.#resolve($ref)]), ...partsOf(allOf)];
      return parts.length > 0 ? [rest, ...this.expand(parts)] : [rest];
    });
  }

  #resolve(reference: string): JsonSchema {
    const names = reference
      .slice(2)
      .split('/')
      .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
    return names.reduce<JsonSchema>((inner, name) => Object(inner[name]), this.#definitions);
  }

  /** Each is made once: any JSON is a part of everything, and of itself. */
  #all(given: readonly JsonSchema[], depth: number): fc.Arbitrary<unknown> {
    const key = `${depth} ${JSON.stringify(given)}`;
    const made = this.#made.get(key) ?? this.#make(given, depth);
    this.#made.set(key, made);
    return made;
  }

  #make(given: readonly JsonSchema[], depth: number): fc.Arbitrary<unknown> {
    const schemas = this.expand(given);
    const at = schemas.findIndex(({ anyOf, oneOf }) => anyOf ?? oneOf);
    const { anyOf, oneOf, ...rest } = schemas[at] ?? {};
    const choices = anyOf ?? oneOf;
    if (choices) {
      const others = schemas.toSpliced(at, 1, rest);
      return fc.oneof(...choices.map((choice) => this.#all([...others, choice], depth)));
    }
    const values = valuesOf(schemas);
    if (values) return fc.constantFrom(...values);
    return fc.oneof(...typesOf(schemas).map((type) => this.#ofType(type, schemas, depth)));
  }

  #ofType(type: string, schemas: readonly JsonSchema[], depth: number): fc.Arbitrary<unknown> {
    if (type === 'object') return this.#objects(schemas, depth);
    if (type === 'array') return this.#arrays(schemas, depth);
    if (type === 'string') return texts(schemas).filter((text) => this.#keepsAll(schemas, text));
    if (type === 'boolean') return fc.boolean();
    if (type === 'null') return fc.constant(null);
    return numbers(schemas, type === 'integer').filter((one) => this.#keepsAll(schemas, one));
  }

  #keepsAll(schemas: readonly JsonSchema[], value: unknown): boolean {
    return schemas.every((schema) => this.#keeps(schema, value));
  }

  #objects(schemas: readonly JsonSchema[], depth: number): fc.Arbitrary<object> {
    const names = [...new Set(schemas.flatMap(({ properties = {} }) => Object.keys(properties)))];
    const requiredKeys = [...new Set(schemas.flatMap(({ required = [] }) => required))];
    const forbidden = schemas.flatMap(({ not }) => [Object(not).required ?? []].flat());
    const wanted = names.filter(
      (name) => !forbidden.includes(name) && (depth < MAX_DEPTH || requiredKeys.includes(name)),
    );
    const members = Object.fromEntries(
      wanted.map(
        (name) => [name, BY_WORDS[name] ?? this.#all(propertySchemas(schemas, name), depth + 1)] as const,
      ),
    );
    const known = fc.record(members, { requiredKeys: requiredKeys.filter((name) => name in members) });
    if (depth >= MAX_DEPTH || schemas.some(({ additionalProperties }) => additionalProperties === false))
      return known;
    const name = texts(schemas.flatMap(({ propertyNames = {} }) => this.expand([propertyNames])));
    const others = fc.dictionary(
      name.filter((one) => !names.includes(one) && !forbidden.includes(one) && one !== '__proto__'),
      this.#all(
        schemas.flatMap(({ additionalProperties }) =>
          typeof additionalProperties === 'object' ? [additionalProperties] : [],
        ),
        depth + 1,
      ),
      { maxKeys: 2, noNullPrototype: true },
    );
    return fc.tuple(known, others).map(([one, other]) => ({ ...other, ...one }));
  }

  #arrays(schemas: readonly JsonSchema[], depth: number): fc.Arbitrary<readonly unknown[]> {
    const prefix = schemas.find(({ prefixItems }) => prefixItems)?.prefixItems ?? [];
    const items = schemas.flatMap(({ items }) => (typeof items === 'object' ? [items] : []));
    const minLength = Math.max(0, ...schemas.map(({ minItems }) => Number(minItems ?? 0)));
    const maxLength = Math.min(
      depth < MAX_DEPTH ? minLength + 2 : minLength,
      ...schemas.map(({ maxItems }) => Number(maxItems ?? 100)),
    );
    if (maxLength === 0) return fc.constant([]);
    if (prefix.length > 0) return fc.tuple(...prefix.map((one) => this.#all([one], depth + 1)));
    return fc.array(this.#all(items, depth + 1), { minLength, maxLength });
  }
}

function partsOf(allOf: unknown): readonly JsonSchema[] {
  return Array.isArray(allOf) ? allOf : [];
}

/** What these schemas say of a property. */
export function propertySchemas(schemas: readonly JsonSchema[], name: string): readonly JsonSchema[] {
  return schemas.flatMap(({ properties = {}, additionalProperties }) => {
    const own = Object.hasOwn(properties, name) ? properties[name] : additionalProperties;
    return typeof own === 'object' ? [own] : [];
  });
}

function valuesOf(schemas: readonly JsonSchema[]): readonly unknown[] | undefined {
  const lists = schemas.flatMap((schema) =>
    'const' in schema ? [[schema.const]] : schema.enum ? [schema.enum] : [],
  );
  return lists[0]?.filter((one) => lists.every((list) => list.includes(one)));
}

const TYPES = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'];

export function typesOf(schemas: readonly JsonSchema[]): readonly string[] {
  const said = schemas.flatMap(({ type }) => (type === undefined ? [] : [[type].flat()]));
  return TYPES.filter((one) =>
    said.every((types) => types.includes(one) || (one === 'integer' && types.includes('number'))),
  );
}

function texts(schemas: readonly JsonSchema[]): fc.Arbitrary<string> {
  const minLength = Math.max(0, ...schemas.map((schema) => Number(schema.minLength ?? 0)));
  const maxLength = Math.min(minLength + 20, ...schemas.map((schema) => Number(schema.maxLength ?? 64)));
  const format = schemas
    .map((schema) => schema.format ?? schema['x-format'])
    .find((one) => one !== undefined);
  const patterns = schemas.flatMap(({ pattern }) => (typeof pattern === 'string' ? [pattern] : []));
  const link = patterns.find((pattern) => pattern.startsWith('^(?:http'));
  if (link !== undefined) return links(link);
  const known = BY_FORMAT[String(format)];
  if (known) return known;
  // What is said of characters in general is in every set of these; the others say more.
  const special = patterns.find((pattern) => !pattern.startsWith(String.raw`^[^\u`));
  if (special !== undefined)
    return fc.stringMatching(new RegExp(special, 'u'), { maxLength: Math.max(maxLength, 64) });
  return fc.string({ unit: 'grapheme', minLength, maxLength });
}

/** Below the first place that the pattern has. */
function links(pattern: string): fc.Arbitrary<string> {
  const [, first = ''] = /^\^\(\?:(.*?)[|)]/.exec(pattern) ?? [];
  const rest = fc.constantFrom('', '1', 'a%20b?c=d', 'a/b/', '?q', '%C3%A4;v=1');
  return rest.map((one) => `${first.replaceAll('\\', '')}${one}`);
}

/** How many decimals a number is written with. */
export function decimalsOf(number: number): number {
  return String(number).split('.')[1]?.length ?? 0;
}

function numbers(schemas: readonly JsonSchema[], whole: boolean): fc.Arbitrary<number> {
  const min = Math.max(
    -1e9,
    ...schemas.map(({ minimum, exclusiveMinimum }) => Number(minimum ?? exclusiveMinimum ?? -1e9)),
  );
  const max = Math.min(
    1e9,
    ...schemas.map(({ maximum, exclusiveMaximum }) => Number(maximum ?? exclusiveMaximum ?? 1e9)),
  );
  const step = schemas.map((schema) => schema['x-multipleOf']).find((one) => typeof one === 'number');
  if (step !== undefined) {
    const counts = fc.integer({ min: Math.ceil(min / step), max: Math.floor(max / step) });
    return counts.map((count) => Number((count * step).toFixed(decimalsOf(step))));
  }
  return whole
    ? fc.integer({ min: Math.ceil(min), max: Math.floor(max) })
    : fc.double({ min, max, noNaN: true });
}
