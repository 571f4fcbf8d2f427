import type { JsonSchema } from '../json-schema.ts';
import { CHANGED, type Change, NARROWED, WIDENED } from './change.ts';
import { compareItemDefaults } from './compare-defaults.ts';
import { type Pair, pointerTo, type SchemaLocation, within } from './schema-location.ts';

/** Compares two schemas of the same part of the data. */
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
      const lengths = `it had ${before.length} items and has ${after.length}`;
      const detail = `${name} is ${index < after.length ? 'new' : 'gone'}: ${lengths}`;
      yield { pointer, detail, breaks: CHANGED };
      const [old, now] = [locationAt(pair.old, index), locationAt(pair.now, index)];
      yield* compareItemDefaults({ ...(old && { old }), ...(now && { now }) });
    }
  }
  yield* comparePresence(pair);
  const [old, now] = [restOf(pair.old), restOf(pair.now)];
  if (old && now) yield* compare({ old, now });
  else if (old)
    yield {
      pointer: pointerTo(pair, 'items'),
      detail: 'items after the named ones are now refused',
      breaks: NARROWED,
    };
  else if (now)
    yield {
      pointer: pointerTo(pair, 'items'),
      detail: 'items after the named ones are now accepted',
      breaks: WIDENED,
    };
}

function* namedAfter(name: string, changes: readonly Change[]): Iterable<Change> {
  for (const change of changes) yield { ...change, detail: `${name}: ${change.detail}` };
}

/** Compares which items at the end of a tuple may be missing: `minItems` says it. */
function* comparePresence(pair: Pair): Iterable<Change> {
  const [old, now] = [pair.old.schema, pair.now.schema];
  if (old.prefixItems?.length === undefined || old.prefixItems.length === now.prefixItems?.length) return;
  const [from, to] = [Number(old.minItems ?? 0), Number(now.minItems ?? 0)];
  if (from === to || !now.prefixItems) return;
  const detail = `the tuple needed ${from} items and now needs ${to}`;
  yield { pointer: pointerTo(pair, 'minItems'), detail, breaks: to > from ? NARROWED : WIDENED };
}

function itemAt(location: SchemaLocation, index: number): SchemaLocation {
  return within(location, location.schema.prefixItems?.[index] ?? {}, 'prefixItems', index);
}

/** The schema at a position: that of a named item, or that of the items after the named ones. */
function locationAt(location: SchemaLocation, index: number): SchemaLocation | undefined {
  return index < (location.schema.prefixItems?.length ?? 0) ? itemAt(location, index) : restOf(location);
}

function restOf(location: SchemaLocation): SchemaLocation | undefined {
  const { items = {} }: JsonSchema = location.schema;
  return items === false ? undefined : within(location, items, 'items');
}
