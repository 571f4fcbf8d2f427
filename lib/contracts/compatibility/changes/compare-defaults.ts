import { isDeepStrictEqual } from 'node:util';
import { followReference } from '../containment/node.ts';
import type { JsonSchema } from '../json-schema.ts';
import { type Change, WIDENED } from './change.ts';
import type { Alternative } from './name-alternatives.ts';
import { type Pair, type Place, pointerTo } from './place.ts';
import { say } from './say.ts';

/**
 * Compares what two schemas fill in where nothing is sent. The default may stand in the schema, beside a reference, where the
 * reference leads, in an alternative of a union, or in parts of an intersection.
 */
export function* compareDefaults(pair: Pair): Iterable<Change> {
  const [from, to] = [pair.old, pair.now].map((place) => defaultsOf(place, new Set()));
  if (isDeepStrictEqual(from, to)) return;
  const detail = `the default was ${sayAll(from)} and is ${sayAll(to)}: the same event would be read in two ways`;
  yield { pointer: pointerTo(pair, 'default'), detail, breaks: WIDENED, byMeaning: WIDENED };
}

/**
 * Compares the defaults within unions whose alternatives did not all become each other: no pair of them is compared then that would
 * show it.
 */
export function* compareDefaultsWithin(
  pair: Pair,
  [before, after]: readonly [readonly Alternative[], readonly Alternative[]],
): Iterable<Change> {
  if (isDeepStrictEqual(defaultsWithin(before), defaultsWithin(after))) return;
  const detail = 'the alternatives fill in other defaults: the same event would be read in two ways';
  yield { pointer: pair.old.at, detail, breaks: WIDENED, byMeaning: WIDENED };
}

/** Compares the defaults of an item of a tuple with those of the items that stand in its place on the other side. */
export function* compareItemDefaults({
  old,
  now,
}: {
  readonly old?: Place;
  readonly now?: Place;
}): Iterable<Change> {
  const [from, to] = [old, now].map((place) => defaultsIn(place ? [place] : []));
  if (isDeepStrictEqual(from, to)) return;
  const detail = 'other defaults are filled in: the same event would be read in two ways';
  yield { pointer: (old ?? now)?.at ?? '', detail, breaks: WIDENED, byMeaning: WIDENED };
}

/** Every default within alternatives, with the names of the fields that lead to it. */
export function defaultsWithin(alternatives: readonly Alternative[]): ReadonlySet<string> {
  return defaultsIn(alternatives.map(({ place }) => place));
}

function defaultsIn(places: readonly Place[]): ReadonlySet<string> {
  const all = places.flatMap((place) => [...deepDefaults(place, [], new Set())]);
  return new Set(all.toSorted());
}

/** One value, or several that have to agree; none when nothing is filled in. */
function defaultsOf({ schema, document, at }: Place, seen: Set<unknown>): readonly unknown[] {
  if (Object.hasOwn(schema, 'default')) return [schema.default];
  if (seen.has(schema)) return [];
  seen.add(schema);
  const inner = (one: unknown): readonly unknown[] =>
    isSchema(one) ? defaultsOf({ schema: one, document, at }, seen) : [];
  if (schema.$ref !== undefined) return inner(followReference(schema.$ref, document));
  // zod reads by the first alternative that takes what is there, and so by the first one that has a default.
  const options = schema.anyOf ?? schema.oneOf;
  if (options) return options.map(inner).find((values) => values.length > 0) ?? [];
  const values = (schema.allOf ?? []).flatMap(inner);
  return values.filter((value, index) => index === values.findIndex((one) => isDeepStrictEqual(one, value)));
}

/** Keywords whose schemas are about the value itself, and those that are about its parts. */
const OWN = ['anyOf', 'oneOf', 'allOf'] as const;

function* deepDefaults(
  { schema, document, at }: Place,
  path: readonly string[],
  seen: Set<unknown>,
): Iterable<string> {
  if (Object.hasOwn(schema, 'default')) yield JSON.stringify([path, schema.default]);
  if (seen.has(schema)) return;
  seen.add(schema);
  function* inner(one: unknown, ...names: readonly string[]): Iterable<string> {
    if (isSchema(one)) yield* deepDefaults({ schema: one, document, at }, [...path, ...names], seen);
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

function sayAll(values: readonly unknown[] | undefined): string {
  return values && values.length > 0 ? values.map(say).join(' and ') : 'nothing';
}
