import { isDeepStrictEqual } from 'node:util';
import { followReference } from '../containment/node.ts';
import type { JsonSchema } from '../json-schema.ts';
import { type Change, WIDENED } from './change.ts';
import { formatValue } from './format-value.ts';
import type { Alternative } from './name-alternatives.ts';
import { type Pair, pointerTo, type SchemaLocation } from './schema-location.ts';

/**
 * Compares the defaults of two schemas. A default can be in the schema itself, beside a reference, in the referenced schema, in an
 * alternative of a union, or in parts of an intersection.
 */
export function* compareDefaults(pair: Pair): Iterable<Change> {
  const [from, to] = [pair.old, pair.now].map((location) => defaultsOf(location, new Set()));
  if (isDeepStrictEqual(from, to)) return;
  const detail = `the default was ${formatAll(from)} and is ${formatAll(to)}: the same event would be read in two ways`;
  yield { pointer: pointerTo(pair, 'default'), detail, breaks: WIDENED, byMeaning: WIDENED };
}

/**
 * Compares the defaults within unions whose alternatives do not all match. Without a matching alternative, no other comparison finds
 * them.
 */
export function* compareDefaultsWithin(
  pair: Pair,
  [before, after]: readonly [readonly Alternative[], readonly Alternative[]],
): Iterable<Change> {
  if (isDeepStrictEqual(defaultsWithin(before), defaultsWithin(after))) return;
  const detail = 'the alternatives have other defaults: the same event would be read in two ways';
  yield { pointer: pair.old.at, detail, breaks: WIDENED, byMeaning: WIDENED };
}

/** Compares the defaults of a tuple's item with those of the item at the same position on the other side. */
export function* compareItemDefaults({
  old,
  now,
}: {
  readonly old?: SchemaLocation;
  readonly now?: SchemaLocation;
}): Iterable<Change> {
  const [from, to] = [old, now].map((location) => defaultsIn(location ? [location] : []));
  if (isDeepStrictEqual(from, to)) return;
  const detail = 'the items have other defaults: the same event would be read in two ways';
  yield { pointer: (old ?? now)?.at ?? '', detail, breaks: WIDENED, byMeaning: WIDENED };
}

/**
 * Compares the defaults within intersections of which a part is a union: no other comparison finds those within the union. The default of
 * a field that the other side does not have changes nothing.
 */
export function* compareIntersections({ old, now }: Pair): Iterable<Change> {
  if (!old.schema.allOf && !now.schema.allOf) return;
  const [before, after] = [[...partsOf(old, [], new Set())], [...partsOf(now, [], new Set())]];
  if (isDeepStrictEqual(defaultsBeside(before, after), defaultsBeside(after, before))) return;
  const detail = 'its parts have other defaults: the same event would be read in two ways';
  yield { pointer: old.at, detail, breaks: WIDENED, byMeaning: WIDENED };
}

/** Every default within alternatives, with the names of the fields that lead to it. */
export function defaultsWithin(alternatives: readonly Alternative[]): ReadonlySet<string> {
  return defaultsIn(alternatives.map(({ location }) => location));
}

function defaultsIn(locations: readonly SchemaLocation[]): ReadonlySet<string> {
  return defaultsAmong(locations.flatMap((location) => [...partsOf(location, [], new Set())]));
}

/** The defaults of those parts that the other side has too. */
function defaultsBeside(parts: readonly Part[], others: readonly Part[]): ReadonlySet<string> {
  const places = new Set(others.map(({ path }) => JSON.stringify(path)));
  return defaultsAmong(parts.filter(({ path }) => places.has(JSON.stringify(path))));
}

function defaultsAmong(parts: readonly Part[]): ReadonlySet<string> {
  const filledIn = parts.filter(({ schema }) => Object.hasOwn(schema, 'default'));
  return new Set(filledIn.map(({ path, schema }) => JSON.stringify([path, schema.default])).toSorted());
}

/** The default of a schema: one value, several that have to agree, or none. */
function defaultsOf({ schema, document, at }: SchemaLocation, seen: Set<unknown>): readonly unknown[] {
  if (Object.hasOwn(schema, 'default')) return [schema.default];
  if (seen.has(schema)) return [];
  seen.add(schema);
  const inner = (one: unknown): readonly unknown[] =>
    isSchema(one) ? defaultsOf({ schema: one, document, at }, seen) : [];
  if (schema.$ref !== undefined) return inner(followReference(schema.$ref, document));
  // zod reads a missing value with the first alternative that accepts it, which is the first one with a default.
  const options = schema.anyOf ?? schema.oneOf;
  if (options) return options.map(inner).find((values) => values.length > 0) ?? [];
  const values = (schema.allOf ?? []).flatMap(inner);
  return values.filter((value, index) => index === values.findIndex((one) => isDeepStrictEqual(one, value)));
}

/** Keywords whose schemas are about the value itself, not about its parts. */
const OWN = ['anyOf', 'oneOf', 'allOf'] as const;

/** A schema within another one, with the names of the fields that lead to it. */
interface Part {
  readonly path: readonly string[];
  readonly schema: JsonSchema;
}

/** The schema itself, and all within it. */
function* partsOf(
  { schema, document, at }: SchemaLocation,
  path: readonly string[],
  seen: Set<unknown>,
): Iterable<Part> {
  yield { path, schema };
  if (seen.has(schema)) return;
  seen.add(schema);
  function* inner(one: unknown, ...names: readonly string[]): Iterable<Part> {
    if (isSchema(one)) yield* partsOf({ schema: one, document, at }, [...path, ...names], seen);
  }
  if (schema.$ref !== undefined) yield* inner(followReference(schema.$ref, document));
  for (const keyword of OWN) for (const one of schema[keyword] ?? []) yield* inner(one);
  for (const [name, field] of Object.entries(schema.properties ?? {})) yield* inner(field, name);
  for (const [index, item] of (schema.prefixItems ?? []).entries()) yield* inner(item, String(index));
  yield* inner(schema.items, '*');
  yield* inner(schema.additionalProperties, '*');
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null;
}

function formatAll(values: readonly unknown[] | undefined): string {
  return values && values.length > 0 ? values.map(formatValue).join(' and ') : 'nothing';
}
