import { isDeepStrictEqual } from 'node:util';
import { CHANGED, type Change, deeper, NARROWED, WIDENED } from './change.ts';
import { alternativesOf, compareAlternatives, compareExclusive } from './compare-alternatives.ts';
import { compareArrays } from './compare-arrays.ts';
import { compareKeywords, say } from './compare-keywords.ts';
import { compareObjects } from './compare-objects.ts';
import { constraintsOf, type JsonSchema } from './json-schema.ts';

/** Compares two schemas of the same place in the data. */
export type Compare = (before: JsonSchema, after: JsonSchema, pointer: string) => readonly Change[];

/**
 * Finds how data that keeps one schema differs from data that keeps another, and whom that breaks.
 *
 * A producer is taken to send what its schema names and nothing else, so that a new optional field breaks nobody. What cannot be
 * compared is taken to break both sides.
 */
export function compareSchemas(before: JsonSchema, after: JsonSchema): readonly Change[] {
  const entered = new Set<string>();
  const compare: Compare = (old, now, pointer) => {
    // A recursive schema comes back to a pair that is being compared already: nothing new is to be found there.
    const pair = `${old.$ref}|${now.$ref}`;
    const isRecursive = old.$ref !== undefined && now.$ref !== undefined;
    if (isRecursive && entered.has(pair)) return [];
    if (isRecursive) entered.add(pair);
    const changes = [...compareResolved(resolve(old, before), resolve(now, after), { pointer, compare })];
    entered.delete(pair);
    return changes;
  };
  return compare(before, after, '');
}

interface Place {
  readonly pointer: string;
  readonly compare: Compare;
}

function* compareResolved(before: JsonSchema, after: JsonSchema, place: Place): Iterable<Change> {
  const { pointer } = place;
  if (!isDeepStrictEqual(before.default, after.default)) {
    const detail = `the default was ${say(before.default)} and is ${say(after.default)}: the same event would be read in two ways`;
    yield { pointer: deeper(pointer, 'default'), detail, breaks: WIDENED };
  }
  yield* compareExclusive(before, after, pointer);
  const [old, now] = [alternativesOf(before), alternativesOf(after)];
  yield* old.length + now.length === 2
    ? compareOne(before, after, place)
    : compareAlternatives(old, now, place);
}

function* compareOne(before: JsonSchema, after: JsonSchema, place: Place): Iterable<Change> {
  const { pointer } = place;
  const [old, now] = [constraintsOf(before), constraintsOf(after)];
  if (old.length === 0 && now.length > 0) {
    return yield { pointer, detail: `anything was taken, and now only ${say(after)}`, breaks: NARROWED };
  }
  if (old.length > 0 && now.length === 0) {
    return yield { pointer, detail: `only ${say(before)} was taken, and now anything`, breaks: WIDENED };
  }
  const retyped = compareTypes(before, after, pointer);
  if (retyped) yield retyped;
  if (retyped?.breaks === CHANGED) return;
  yield* compareValues(before, after, pointer);
  yield* compareKeywords(before, after, { pointer, keywords: new Set([...old, ...now]) });
  if (before.type === 'object' && after.type === 'object') yield* compareObjects(before, after, place);
  if (before.type === 'array' && after.type === 'array') yield* compareArrays(before, after, place);
}

function compareTypes(before: JsonSchema, after: JsonSchema, pointer: string): Change | undefined {
  const [from, to] = [typeOf(before), typeOf(after)];
  if (from === to) return;
  const detail = `was of type ${from ?? 'any'} and is of type ${to ?? 'any'}`;
  if (from === undefined || (from === 'number' && to === 'integer'))
    return { pointer, detail, breaks: NARROWED };
  if (to === undefined || (from === 'integer' && to === 'number'))
    return { pointer, detail, breaks: WIDENED };
  return { pointer, detail, breaks: CHANGED };
}

/** The values of an enum or a constant imply the type: zod leaves it out of some. */
function typeOf(schema: JsonSchema): string | undefined {
  if (schema.type !== undefined) return [schema.type].flat().toSorted().join(' or ');
  const types = new Set(valuesOf(schema)?.map((value) => (value === null ? 'null' : typeof value)));
  return types.size > 0 ? [...types].toSorted().join(' or ') : undefined;
}

function* compareValues(before: JsonSchema, after: JsonSchema, pointer: string): Iterable<Change> {
  const [old, now] = [valuesOf(before), valuesOf(after)];
  const at = deeper(pointer, 'const' in after ? 'const' : 'enum');
  if (old && now) {
    const without = (all: readonly unknown[], some: readonly unknown[]): readonly unknown[] =>
      all.filter((value) => !some.some((other) => isDeepStrictEqual(other, value)));
    for (const value of without(old, now)) {
      yield { pointer: at, detail: `the value ${say(value)} is taken no more`, breaks: NARROWED };
    }
    for (const value of without(now, old)) {
      yield { pointer: at, detail: `the value ${say(value)} is new`, breaks: WIDENED };
    }
  } else if (now) {
    yield { pointer: at, detail: `any value was taken, and now only ${say(now)}`, breaks: NARROWED };
  } else if (old) {
    yield { pointer: at, detail: `only ${say(old)} was taken, and now any value`, breaks: WIDENED };
  }
}

function valuesOf(schema: JsonSchema): readonly unknown[] | undefined {
  return 'const' in schema ? [schema.const] : schema.enum;
}

function resolve(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const { $ref, ...beside } = schema;
  if ($ref === undefined) return schema;
  const target = $ref === '#' ? root : (root.$defs?.[$ref.replace(/^#\/\$defs\//, '')] ?? {});
  return { ...resolve(target, root), ...beside };
}
