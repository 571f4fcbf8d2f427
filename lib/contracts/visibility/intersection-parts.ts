import type * as z from 'zod';
import { schemasOfSameValue } from './same-value.ts';

/** A schema of data that has other data within it. */
export type Parent = z.core.$ZodObjectDef | z.core.$ZodRecordDef | ListDef;

/** A schema of a list. */
export type ListDef = z.core.$ZodArrayDef | z.core.$ZodTupleDef;

/** What the values of two sides of an intersection are, which zod joins: each with its name. */
export type Joined = readonly [name: string, left: z.core.$ZodType, right: z.core.$ZodType];

/** The objects, records and lists that a side of an intersection can be. */
export function parentsIn(
  schema: z.core.$ZodType,
  seen: ReadonlySet<z.core.$ZodType> = new Set(),
): readonly Parent[] {
  if (seen.has(schema)) return [];
  // Every schema of zod is one of these.
  const known = schema as z.core.$ZodTypes;
  const { def } = known._zod;
  switch (def.type) {
    case 'object':
    case 'record':
    case 'array':
    case 'tuple':
      return [def];
    default:
      return schemasOfSameValue(known).flatMap((inner) => parentsIn(inner, new Set([...seen, schema])));
  }
}

/** Whether a schema is of lists. */
export function isList(def: Parent): def is ListDef {
  return def.type === 'array' || def.type === 'tuple';
}

/** The fields that two objects or records both say something about. */
export function joinedFields(a: Parent, b: Parent): readonly Joined[] {
  if (isList(a) || isList(b)) return [];
  const [left, right] = [fieldsOf(a), fieldsOf(b)];
  const names = new Set([...Object.keys(left.named), ...Object.keys(right.named)]);
  const joined = [...names].flatMap((name) => pairOf(name, [ownOf(left, name), ownOf(right, name)]));
  return [...joined, ...pairOf('*', [left.rest, right.rest])];
}

/** The items that two lists both say something about. */
export function joinedItems(a: Parent, b: Parent): readonly Joined[] {
  if (!isList(a) || !isList(b)) return [];
  const length = longest(a, b);
  const joined = Array.from({ length }, (_, index) =>
    pairOf(String(index), [itemOf(a, index), itemOf(b, index)]),
  );
  return [...joined.flat(), ...pairOf('*', [itemOf(a, length), itemOf(b, length)])];
}

/** The number of items that the longer one of two lists names. */
export function longest(a: ListDef, b: ListDef): number {
  return Math.max(...[a, b].map((def) => (def.type === 'tuple' ? def.items.length : 0)));
}

/** The schema of an item of a list; undefined where a tuple has none. */
export function itemOf(def: ListDef, index: number): z.core.$ZodType | undefined {
  return def.type === 'array' ? def.element : (def.items[index] ?? def.rest ?? undefined);
}

/** Whether an object or a record reads a field also where it is missing, and so fills in its default. */
export function readsMissing(def: Parent, name: string): boolean {
  return !isList(def) && Object.hasOwn(fieldsOf(def).named, name);
}

interface Fields {
  readonly named: Readonly<Record<string, z.core.$ZodType>>;
  /** The schema of other fields. */
  readonly rest: z.core.$ZodType | undefined;
}

function fieldsOf(def: z.core.$ZodObjectDef | z.core.$ZodRecordDef): Fields {
  if (def.type === 'object') return { named: def.shape, rest: def.catchall };
  const listed = def.partial ? undefined : def.keyType._zod.values;
  if (!listed) return { named: {}, rest: def.valueType };
  return {
    named: Object.fromEntries([...listed].map((name) => [String(name), def.valueType])),
    rest: undefined,
  };
}

function ownOf({ named, rest }: Fields, name: string): z.core.$ZodType | undefined {
  return Object.hasOwn(named, name) ? named[name] : rest;
}

function pairOf(name: string, [left, right]: readonly (z.core.$ZodType | undefined)[]): readonly Joined[] {
  return left && right ? [[name, left, right]] : [];
}
