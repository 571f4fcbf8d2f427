import { isDeepStrictEqual } from 'node:util';
import type { JsonSchema } from '../json-schema.ts';
import { CHANGED, type Change, NARROWED, WIDENED } from './change.ts';
import { formatValue } from './format-value.ts';
import { type Pair, pointerTo } from './schema-location.ts';

/** Compares types, and lists of single values. */
export function* compareValues(pair: Pair): Iterable<Change> {
  const [before, after] = [pair.old.schema, pair.now.schema];
  const [old, now] = [valuesOf(before), valuesOf(after)];
  if (!old && !now) return yield* compareTypes(pair);
  const pointer = pointerTo(pair, 'const' in after || 'const' in before ? 'const' : 'enum');
  if (!old)
    return yield {
      pointer,
      detail: `any value was accepted, and now only ${formatValue(now)}`,
      breaks: CHANGED,
    };
  if (!now)
    return yield {
      pointer,
      detail: `only ${formatValue(old)} was accepted, and now any value`,
      breaks: CHANGED,
    };
  yield* compareLists(old, now, pointer);
}

/** Compares two lists of values. */
export function* compareLists(
  old: readonly unknown[],
  now: readonly unknown[],
  pointer: string,
): Iterable<Change> {
  for (const value of without(old, now)) {
    yield { pointer, detail: `the value ${formatValue(value)} is no longer accepted`, breaks: NARROWED };
  }
  for (const value of without(now, old)) {
    yield { pointer, detail: `the value ${formatValue(value)} is new`, breaks: WIDENED };
  }
}

/** All values that a schema accepts, if it lists them; otherwise undefined. Booleans and null count as lists. */
export function valuesOf(schema: JsonSchema): readonly unknown[] | undefined {
  if ('const' in schema) return [schema.const];
  if (schema.enum) return schema.enum;
  if (schema.type === 'null') return [null];
  const lists = schema.anyOf?.map(valuesOf);
  if (lists?.every((list) => list !== undefined)) return lists.flat();
  return schema.type === 'boolean' ? [false, true] : undefined;
}

function without(all: readonly unknown[], some: readonly unknown[]): readonly unknown[] {
  return all.filter((value) => !some.some((other) => isDeepStrictEqual(other, value)));
}

function* compareTypes(pair: Pair): Iterable<Change> {
  const [from, to] = [pair.old.schema, pair.now.schema].map(({ type }) =>
    [type ?? 'anything'].flat().join(' or '),
  );
  if (from === to) return;
  yield { pointer: pair.old.at, detail: `the type was ${from} and is ${to}`, breaks: CHANGED };
}
