import { CHANGED, type Change, deeper, NARROWED, WIDENED } from './change.ts';
import type { Compare } from './compare-arrays.ts';
import { formatValue } from './format-value.ts';
import { namesOf, type ObjectView } from './object-view.ts';
import { type Pair, pointerTo } from './schema-location.ts';

/** Compares the fields of objects: their names, which are required, and whether other fields are allowed. */
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
    } else yield goneField(old.at, name);
  }
  for (const [name, now] of after.fields) {
    if (before.fields.has(name)) continue;
    const isRequired = after.required.has(name);
    const detail = `the ${isRequired ? 'required' : 'optional'} ${describeField(now.at, name)} is new`;
    yield { pointer: now.at, detail, breaks: CHANGED };
  }
  yield* compareUnnamed(pair, [before, after]);
  yield* compareOthers(pair, [before, after], compare);
}

/** Compares only the names of fields: of objects that are written as unions, and so cannot be compared field by field. */
export function* compareNames({ old, now }: Pair): Iterable<Change> {
  const left = namesOf(now);
  for (const [name, { at }] of namesOf(old)) if (!left.has(name)) yield goneField(at, name);
}

/** A consumer that reads the field does not get it any more, although data without an optional field was always accepted. */
function goneField(pointer: string, name: string): Change {
  const detail = `the ${describeField(pointer, name)} is gone`;
  return { pointer, detail, breaks: CHANGED, byMeaning: WIDENED };
}

function* compareRequired(
  [before, after]: readonly [ObjectView, ObjectView],
  { name, pointer }: { readonly name: string; readonly pointer: string },
): Iterable<Change> {
  const [was, is] = [before.required.has(name), after.required.has(name)];
  if (!was && is)
    yield {
      pointer,
      detail: `the ${describeField(pointer, name)} was optional and is required`,
      breaks: NARROWED,
    };
  if (was && !is)
    yield {
      pointer,
      detail: `the ${describeField(pointer, name)} was required and is optional`,
      breaks: WIDENED,
    };
}

/** Compares required names without their own schema: a record can require such names. */
function* compareUnnamed(pair: Pair, [before, after]: readonly [ObjectView, ObjectView]): Iterable<Change> {
  const isUnnamed = (name: string): boolean => !before.fields.has(name) && !after.fields.has(name);
  const pointer = pointerTo(pair, 'required');
  for (const name of after.required.difference(before.required)) {
    if (isUnnamed(name)) yield { pointer, detail: `the name ${name} is now required`, breaks: NARROWED };
  }
  for (const name of before.required.difference(after.required)) {
    if (isUnnamed(name)) yield { pointer, detail: `the name ${name} is no longer required`, breaks: WIDENED };
  }
}

/** Compares the rules for fields that the schema does not name. */
function* compareOthers(
  pair: Pair,
  [before, after]: readonly [ObjectView, ObjectView],
  compare: Compare,
): Iterable<Change> {
  const pointer = pointerTo(pair, 'additionalProperties');
  const [old, now] = [before.others, after.others];
  if (typeof old !== 'string' && typeof now !== 'string') yield* compare({ old, now });
  else if (old !== now) yield { pointer, ...describeOthers(old, now) };
  if (before.names && after.names) yield* compare({ old: before.names, now: after.names });
  else if (before.names ?? after.names) {
    const detail = `the names of fields are ${after.names ? 'now limited' : 'no longer limited'}`;
    yield { pointer: pointerTo(pair, 'propertyNames'), detail, breaks: CHANGED };
  }
}

function describeOthers(
  old: ObjectView['others'],
  now: ObjectView['others'],
): Pick<Change, 'detail' | 'breaks'> {
  if (now === 'closed') return { detail: 'other fields were accepted and are now refused', breaks: NARROWED };
  if (old === 'closed') return { detail: 'other fields were refused and are now accepted', breaks: WIDENED };
  if (now === 'open')
    return {
      detail: 'a handler got other fields, and now they are removed',
      breaks: CHANGED,
    };
  return {
    detail: 'other fields were removed, and now a handler gets them',
    breaks: CHANGED,
  };
}

/** Names a field. The pointer to a record's keys does not contain the name, so the text has to. */
function describeField(pointer: string, name: string): string {
  return pointer === deeper(pointer.slice(0, pointer.lastIndexOf('/')), name)
    ? 'field'
    : `field ${formatValue(name)}`;
}
