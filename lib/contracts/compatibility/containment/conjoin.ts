import { isDeepStrictEqual } from 'node:util';
import type { Node } from './node.ts';
import type { NumberRange, ObjectPart, Slice, TextTest } from './slice.ts';

/** The intersection of two slices. Undefined when their types differ, or when the intersection is clearly empty. */
export function conjoin(a: Slice, b: Slice): Slice | undefined {
  if (a.kind !== b.kind) return undefined;
  const values = conjoinValues(a.values, b.values);
  const text = {
    min: Math.max(a.text.min, b.text.min),
    max: Math.min(a.text.max, b.text.max),
    tests: uniqueTests([...a.text.tests, ...b.text.tests]),
  };
  const number = conjoinNumbers(a.number, b.number);
  const isEmpty = values?.length === 0 || text.min > text.max || number.min > number.max;
  if (isEmpty) return undefined;
  return {
    kind: a.kind,
    id: `${a.id} and ${b.id}`,
    within: [...new Set([...a.within, ...b.within])],
    ...(values && { values }),
    number,
    text,
    lists: [...a.lists, ...b.lists],
    objects: [...a.objects, ...b.objects],
    not: [...a.not, ...b.not],
    opaque: [...new Set([...a.opaque, ...b.opaque])],
  };
}

/**
 * The intersection of two slices of one schema (`allOf`, or keywords beside each other). zod reads their objects together: a field that
 * one object does not name may be named in the other, and a field is refused only if both objects are closed.
 */
export function conjoinWithin(a: Slice, b: Slice): Slice | undefined {
  const both = conjoin(a, b);
  const [x, y] = [a.objects, b.objects];
  return both && x.length === 1 && y.length === 1 && x[0] && y[0]
    ? { ...both, objects: [poolObjects(x[0], y[0])] }
    : both;
}

/** All pairs of two unions of slices. */
export function conjoinAll(
  a: readonly Slice[],
  b: readonly Slice[],
  join: (x: Slice, y: Slice) => Slice | undefined,
): readonly Slice[] {
  return a.flatMap((x) => b.flatMap((y) => join(x, y) ?? []));
}

function conjoinValues(
  a: readonly unknown[] | undefined,
  b: readonly unknown[] | undefined,
): readonly unknown[] | undefined {
  if (!a || !b) return a ?? b;
  return a.filter((value) => b.some((other) => isDeepStrictEqual(value, other)));
}

function conjoinNumbers(a: NumberRange, b: NumberRange): NumberRange {
  const [lower, upper] = [a.min >= b.min ? a : b, a.max <= b.max ? a : b];
  return {
    min: lower.min,
    max: upper.max,
    minExcluded: a.min === b.min ? a.minExcluded || b.minExcluded : lower.minExcluded,
    maxExcluded: a.max === b.max ? a.maxExcluded || b.maxExcluded : upper.maxExcluded,
    steps: [...new Set([...a.steps, ...b.steps])],
  };
}

function uniqueTests(tests: readonly TextTest[]): readonly TextTest[] {
  return [...new Map(tests.map((test) => [test.key, test])).values()];
}

function poolObjects(a: ObjectPart, b: ObjectPart): ObjectPart {
  const names = new Set([...a.fields.keys(), ...b.fields.keys()]);
  return {
    reading: a.reading,
    fields: new Map([...names].map((name) => [name, [...constraintsOn(a, name), ...constraintsOn(b, name)]])),
    required: new Set([...a.required, ...b.required]),
    others: poolOthers(a.others, b.others),
    names: [...a.names, ...b.names],
  };
}

function constraintsOn({ fields, others }: ObjectPart, name: string): readonly Node[] {
  return fields.get(name) ?? (typeof others === 'string' ? [] : others);
}

/** The rule for other fields, as zod joins them: beside another object, a schema that accepts everything is no constraint. */
function poolOthers(a: ObjectPart['others'], b: ObjectPart['others']): ObjectPart['others'] {
  if (a === 'closed' && b === 'closed') return 'closed';
  const nodes = [a, b].flatMap((others) => (typeof others === 'string' ? [] : others));
  const narrow = nodes.filter(({ content }) => content !== '{}');
  return narrow.length > 0 ? narrow : 'open';
}
