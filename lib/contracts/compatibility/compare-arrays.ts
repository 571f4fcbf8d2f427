import { type Change, deeper } from './change.ts';
import type { Compare } from './compare-schemas.ts';
import type { JsonSchema } from './json-schema.ts';

/** What no value is. */
const NOTHING: JsonSchema = { enum: [] };

/** Compares the items of arrays, and those of tuples position by position. */
export function* compareArrays(
  before: JsonSchema,
  after: JsonSchema,
  { pointer, compare }: { readonly pointer: string; readonly compare: Compare },
): Iterable<Change> {
  const [old, now] = [before.prefixItems ?? [], after.prefixItems ?? []];
  for (let index = 0; index < Math.max(old.length, now.length); index++) {
    const at = deeper(pointer, 'prefixItems', index);
    yield* compare(old[index] ?? restOf(before), now[index] ?? restOf(after), at);
  }
  yield* compare(restOf(before), restOf(after), deeper(pointer, 'items'));
}

function restOf({ items = {} }: JsonSchema): JsonSchema {
  if (typeof items === 'object') return items;
  return items ? {} : NOTHING;
}
