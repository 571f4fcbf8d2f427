import type { JsonSchema } from '../json-schema.ts';
import { CHANGED, type Change, NARROWED, WIDENED } from './change.ts';
import { compareItemDefaults } from './compare-defaults.ts';
import { type Pair, type Place, pointerTo, within } from './place.ts';

/** Compares two schemas of the same place in the data. */
export type Compare = (pair: Pair) => readonly Change[];

/** Compares the items of arrays, and those of tuples position by position. */
export function* compareArrays(pair: Pair, compare: Compare): Iterable<Change> {
  const [before, after] = [pair.old.schema.prefixItems ?? [], pair.now.schema.prefixItems ?? []];
  for (let index = 0; index < Math.max(before.length, after.length); index++) {
    const name = `item ${index + 1} of the tuple`;
    if (index < before.length && index < after.length) {
      yield* namedAfter(name, compare({ old: itemAt(pair.old, index), now: itemAt(pair.now, index) }));
    } else {
      const pointer = pointerTo(pair, 'prefixItems', index);
      const lengths = `it had ${before.length} and has ${after.length}`;
      const detail = `${name} is ${index < after.length ? 'new' : 'gone'}: ${lengths}`;
      yield { pointer, detail, breaks: CHANGED };
      const [old, now] = [placeOf(pair.old, index), placeOf(pair.now, index)];
      yield* compareItemDefaults({ ...(old && { old }), ...(now && { now }) });
    }
  }
  yield* comparePresence(pair);
  const [old, now] = [restOf(pair.old), restOf(pair.now)];
  if (old && now) yield* compare({ old, now });
  else if (old)
    yield {
      pointer: pointerTo(pair, 'items'),
      detail: 'items after the named ones are refused',
      breaks: NARROWED,
    };
  else if (now)
    yield {
      pointer: pointerTo(pair, 'items'),
      detail: 'items after the named ones are taken',
      breaks: WIDENED,
    };
}

function* namedAfter(name: string, changes: readonly Change[]): Iterable<Change> {
  for (const change of changes) yield { ...change, detail: `${name}: ${change.detail}` };
}

/** Items at the end of a tuple that may be missing: the least length says so. */
function* comparePresence(pair: Pair): Iterable<Change> {
  const [old, now] = [pair.old.schema, pair.now.schema];
  if (old.prefixItems?.length === undefined || old.prefixItems.length === now.prefixItems?.length) return;
  const [from, to] = [Number(old.minItems ?? 0), Number(now.minItems ?? 0)];
  if (from === to || !now.prefixItems) return;
  const detail = `the tuple had to have ${from} items and has to have ${to}`;
  yield { pointer: pointerTo(pair, 'minItems'), detail, breaks: to > from ? NARROWED : WIDENED };
}

function itemAt(place: Place, index: number): Place {
  return within(place, place.schema.prefixItems?.[index] ?? {}, 'prefixItems', index);
}

/** What stands at a position: an item that is named, or one of those after them. */
function placeOf(place: Place, index: number): Place | undefined {
  return index < (place.schema.prefixItems?.length ?? 0) ? itemAt(place, index) : restOf(place);
}

function restOf(place: Place): Place | undefined {
  const { items = {} }: JsonSchema = place.schema;
  return items === false ? undefined : within(place, items, 'items');
}
