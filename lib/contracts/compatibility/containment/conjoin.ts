import { isDeepStrictEqual } from 'node:util';
import type { NumberRange, Slice, TextTest } from './slice.ts';

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
