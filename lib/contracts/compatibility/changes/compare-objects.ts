import { CHANGED, type Change, deeper, NARROWED, WIDENED } from './change.ts';
import type { Compare } from './compare-arrays.ts';
import type { ObjectView } from './object-view.ts';
import { type Pair, pointerTo } from './place.ts';
import { say } from './say.ts';

/** Compares the fields of objects: which there are, which have to be there, and whether others may be. */
export function* compareObjects(
  pair: Pair,
  [before, after]: readonly [ObjectView, ObjectView],
  compare: Compare,
): Iterable<Change> {
  for (const [name, old] of before.fields) {
    const now = after.fields.get(name);
    if (now) {
      yield* compare({ old, now });
      yield* compareRequired([before, after], { name, pointer: old.at });
    } else {
      const detail = `the ${sayField(old.at, name)} is gone`;
      // Data without an optional field was taken before, and yet whoever reads it now waits in vain.
      yield { pointer: old.at, detail, breaks: CHANGED, byMeaning: WIDENED };
    }
  }
  for (const [name, now] of after.fields) {
    if (before.fields.has(name)) continue;
    const isRequired = after.required.has(name);
    const detail = `the ${isRequired ? 'required' : 'optional'} ${sayField(now.at, name)} is new`;
    yield { pointer: now.at, detail, breaks: CHANGED };
  }
  yield* compareUnnamed(pair, [before, after]);
  yield* compareOthers(pair, [before, after], compare);
}

function* compareRequired(
  [before, after]: readonly [ObjectView, ObjectView],
  { name, pointer }: { readonly name: string; readonly pointer: string },
): Iterable<Change> {
  const [was, is] = [before.required.has(name), after.required.has(name)];
  if (!was && is)
    yield {
      pointer,
      detail: `the ${sayField(pointer, name)} was optional and is required`,
      breaks: NARROWED,
    };
  if (was && !is)
    yield { pointer, detail: `the ${sayField(pointer, name)} was required and is optional`, breaks: WIDENED };
}

/** A record requires names that have no schema of their own. */
function* compareUnnamed(pair: Pair, [before, after]: readonly [ObjectView, ObjectView]): Iterable<Change> {
  const isUnnamed = (name: string): boolean => !before.fields.has(name) && !after.fields.has(name);
  const pointer = pointerTo(pair, 'required');
  for (const name of after.required.difference(before.required)) {
    if (isUnnamed(name)) yield { pointer, detail: `the name ${name} is required now`, breaks: NARROWED };
  }
  for (const name of before.required.difference(after.required)) {
    if (isUnnamed(name)) yield { pointer, detail: `the name ${name} is required no more`, breaks: WIDENED };
  }
}

/** Fields that have no name of their own in the schema. */
function* compareOthers(
  pair: Pair,
  [before, after]: readonly [ObjectView, ObjectView],
  compare: Compare,
): Iterable<Change> {
  const pointer = pointerTo(pair, 'additionalProperties');
  const [old, now] = [before.others, after.others];
  if (typeof old !== 'string' && typeof now !== 'string') yield* compare({ old, now });
  else if (old !== now) yield { pointer, ...sayOthers(old, now) };
  if (before.names && after.names) yield* compare({ old: before.names, now: after.names });
  else if (before.names ?? after.names) {
    const detail = `the names of fields are ${after.names ? 'limited now' : 'limited no more'}`;
    yield { pointer: pointerTo(pair, 'propertyNames'), detail, breaks: CHANGED };
  }
}

function sayOthers(old: ObjectView['others'], now: ObjectView['others']): Pick<Change, 'detail' | 'breaks'> {
  if (now === 'closed') return { detail: 'other fields were let through and are refused', breaks: NARROWED };
  if (old === 'closed') return { detail: 'other fields were refused and are let through', breaks: WIDENED };
  if (now === 'open')
    return {
      detail: 'other fields were handed over, and are left out of what a handler gets',
      breaks: CHANGED,
    };
  return {
    detail: 'other fields were left out of what a handler gets, and are handed over',
    breaks: CHANGED,
  };
}

/** The keys of a record have no place of their own that would name them. */
function sayField(pointer: string, name: string): string {
  return pointer === deeper(pointer.slice(0, pointer.lastIndexOf('/')), name)
    ? 'field'
    : `field ${say(name)}`;
}
