import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import {
  isList,
  itemOf,
  joinedFields,
  joinedItems,
  type ListDef,
  longest,
  type Parent,
  parentsIn,
  readsMissing,
} from './intersection-parts.ts';

/** Problems of an intersection whose JSON Schema differs from what zod does. */
export function* hiddenByIntersection({ _zod: { def } }: z.core.$ZodTypes): Iterable<string> {
  if (def.type !== 'intersection') return;
  const { left, right } = def;
  const [a, b] = [parentsIn(left), parentsIn(right)];
  for (const name of new Set(closedTogether(a, b))) {
    yield `both sides of .and() have an object at '${name}', and one of them is strict: a JSON Schema joins their fields, and zod does not; write the object once`;
  }
  for (const name of new Set(filledInTwice(a, b))) {
    yield `both sides of .and() have different defaults for '${name}', so zod refuses every event without it; write the default on one side`;
  }
  for (const name of new Set(lengthenedApart(a, b))) {
    yield `both sides of .and() have a list, and fill in its missing item '${name}' differently, so zod refuses every event without it; write the list on one side`;
  }
  if ([...a, ...b].some(hasLimitedNames)) {
    yield 'a record of limited names within .and() refuses the names of the other side in a JSON Schema; write z.object({ ... }).catchall(...), or one object';
  }
  if ([...a, ...b].some(isClosed)) yield* hiddenByClosedParts(left, right);
}

/** Problems of strict objects in an intersection. If a side has a description or an id, the JSON Schema does not join their fields. */
function* hiddenByClosedParts(left: z.core.$ZodType, right: z.core.$ZodType): Iterable<string> {
  const { allOf } = z.toJSONSchema(z.intersection(left, right), { io: 'input', unrepresentable: 'any' });
  if (allOf === undefined) return;
  yield 'a strict object within .and() is not joined with the other one in the JSON Schema, and each would refuse the fields of the other; write z.strictObject({ ...A.shape, ...B.shape }), or z.object()';
}

function isClosed(def: Parent): boolean {
  return def.type === 'object' && def.catchall?._zod.def.type === 'never';
}

/** Whether a schema is a record that does not accept every name. */
function hasLimitedNames(def: Parent): boolean {
  if (def.type !== 'record') return false;
  // Every schema of zod is one of these.
  const key = (def.keyType as z.core.$ZodTypes)._zod.def;
  return key.type !== 'string' || 'check' in key || (key.checks ?? []).length > 0;
}

/** Pairs of schemas that were compared: recursive schemas come back to them. */
type Seen = Map<Parent, Set<Parent>>;

/** All pairs of the schemas of two sides that were not compared yet. */
function* newPairs(
  left: readonly Parent[],
  right: readonly Parent[],
  seen: Seen,
): Iterable<readonly [Parent, Parent]> {
  for (const a of left) {
    const others = seen.get(a) ?? new Set();
    seen.set(a, others);
    for (const b of right) {
      if (others.has(b)) continue;
      others.add(b);
      yield [a, b];
    }
  }
}

/** Fields at any depth that are objects on both sides, with at least one strict object. A JSON Schema does not join the items of lists. */
function* closedTogether(
  left: readonly Parent[],
  right: readonly Parent[],
  seen: Seen = new Map(),
): Iterable<string> {
  for (const [a, b] of newPairs(left, right, seen)) {
    for (const [name, ...sides] of joinedFields(a, b)) {
      const [x = [], y = []] = sides.map((side) => parentsIn(side).filter(({ type }) => type === 'object'));
      if (x.length === 0 || y.length === 0) continue;
      if ([...x, ...y].some(isClosed)) yield name;
      else yield* below(name, closedTogether(x, y, seen));
    }
  }
}

/** Fields at any depth that have different defaults on the two sides. */
function* filledInTwice(
  left: readonly Parent[],
  right: readonly Parent[],
  seen: Seen = new Map(),
): Iterable<string> {
  for (const [a, b] of newPairs(left, right, seen)) {
    for (const [name, x, y] of [...joinedFields(a, b), ...joinedItems(a, b)]) {
      const [one, other] = [defaultOf(x), defaultOf(y)];
      const areFilledIn = readsMissing(a, name) && readsMissing(b, name);
      if (areFilledIn && one && other && !isDeepStrictEqual(one, other)) yield name;
      else yield* below(name, filledInTwice(parentsIn(x), parentsIn(y), seen));
    }
  }
}

/** Items at any depth that may be missing and are then other ones on the two sides, or on only one side. */
function* lengthenedApart(
  left: readonly Parent[],
  right: readonly Parent[],
  seen: Seen = new Map(),
): Iterable<string> {
  for (const [a, b] of newPairs(left, right, seen)) {
    if (isList(a) && isList(b)) yield* filledInApart(a, b);
    for (const [name, x, y] of [...joinedFields(a, b), ...joinedItems(a, b)])
      yield* below(name, lengthenedApart(parentsIn(x), parentsIn(y), seen));
  }
}

function* filledInApart(a: ListDef, b: ListDef): Iterable<string> {
  for (let index = Math.max(shortest(a), shortest(b)); index < longest(a, b); index++) {
    const [one, other] = [a, b].map((def) => {
      const item = def.type === 'tuple' ? itemOf(def, index) : undefined;
      return item && defaultOf(item);
    });
    if (!isDeepStrictEqual(one, other)) yield String(index);
  }
}

/** The number of items that a list must have. */
function shortest(def: ListDef): number {
  if (def.type === 'tuple') return def.items.findLastIndex(({ _zod: { optin } }) => optin === undefined) + 1;
  const limits = (def.checks ?? []).map(({ _zod: { def: check } }) => ({ minimum: 0, length: 0, ...check }));
  return Math.max(0, ...limits.flatMap(({ minimum, length }) => [Number(minimum), Number(length)]));
}

/** The value of a missing field or item as a list of one value; undefined when there is none. */
function defaultOf(schema: z.core.$ZodType): readonly unknown[] | undefined {
  if (schema._zod.optin === undefined) return undefined;
  const read = z.safeParse(schema, undefined);
  return read.success && read.data !== undefined ? [read.data] : undefined;
}

function* below(name: string, names: Iterable<string>): Iterable<string> {
  for (const inner of names) yield `${name}/${inner}`;
}
