import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';

/** Whether every JavaScript object has a property of this name. zod finds it in data that has no such field. */
function isInherited(name: string): boolean {
  return name in Object.prototype;
}

const INHERITED =
  'is a name that every object of JavaScript has, and zod reads it where the field is missing; give it another name';

/** Problems of field names that the JSON Schema of an object does not show. */
export function* hiddenByNames({ _zod: { def } }: z.core.$ZodTypes): Iterable<string> {
  if (def.type === 'intersection') yield* hiddenByIntersection(def);
  if (def.type !== 'object') return;
  for (const [name, field] of Object.entries(def.shape)) {
    if (name === '__proto__') yield `an event may not have a field '__proto__'; give it another name`;
    else if (isInherited(name) && mayBeMissing(field, name))
      yield `'${name}' ${INHERITED}, or make it required`;
  }
}

/** Whether zod accepts data without the field, because the field is optional or because the inherited property matches its schema. */
function mayBeMissing(field: z.core.$ZodType, name: string): boolean {
  return (
    field._zod.optin !== undefined ||
    z.safeParse(field, Object.getOwnPropertyDescriptor(Object.prototype, name)?.value).success
  );
}

/** Problems of an intersection whose JSON Schema differs from what zod does. */
function* hiddenByIntersection({ left, right }: z.core.$ZodIntersectionDef): Iterable<string> {
  const [a, b] = [objectsIn(left), objectsIn(right)];
  const inherited = [...a, ...b].flatMap(({ shape }) => Object.keys(shape)).filter(isInherited);
  for (const name of new Set(inherited)) yield `'${name}' within .and() ${INHERITED}`;
  for (const name of new Set(closedTogether(a, b))) {
    yield `both sides of .and() have an object at '${name}', and one of them is strict: a JSON Schema joins their fields, and zod does not; write the object once`;
  }
  for (const name of new Set(filledInTwice(a, b))) {
    yield `both sides of .and() have different defaults for '${name}', so zod refuses every event without it; write the default on one side`;
  }
  if (hasLimitedNames(left) || hasLimitedNames(right)) {
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

type ObjectDef = z.core.$ZodObjectDef;

function isClosed({ catchall }: ObjectDef): boolean {
  return catchall?._zod.def.type === 'never';
}

/** Fields at any depth that are objects on both sides, with at least one strict object. */
function closedTogether(left: readonly ObjectDef[], right: readonly ObjectDef[]): readonly string[] {
  const pairs = left.flatMap((a) => right.map((b) => [a.shape, b.shape] as const));
  return pairs.flatMap(([a, b]) =>
    Object.keys(a).flatMap((name) => {
      const [x, y] = [a, b].map((shape) => objectsAt(shape, name));
      if (!x?.length || !y?.length) return [];
      return [...x, ...y].some(isClosed) ? [name] : closedTogether(x, y).map((inner) => `${name}/${inner}`);
    }),
  );
}

/** Fields at any depth that have different defaults on the two sides. */
function filledInTwice(left: readonly ObjectDef[], right: readonly ObjectDef[]): readonly string[] {
  const pairs = left.flatMap((a) => right.map((b) => [a.shape, b.shape] as const));
  return pairs.flatMap(([a, b]) =>
    Object.keys(a).flatMap((name) => {
      const [x, y] = [a, b].map((shape) => defaultAt(shape, name));
      if (x && y && !isDeepStrictEqual(x, y)) return [name];
      const [inA, inB] = [objectsAt(a, name), objectsAt(b, name)];
      return filledInTwice(inA, inB).map((inner) => `${name}/${inner}`);
    }),
  );
}

/** The default of a field as a list of one value; undefined when there is none. */
function defaultAt(shape: ObjectDef['shape'], name: string): readonly unknown[] | undefined {
  const field = Object.hasOwn(shape, name) ? shape[name] : undefined;
  if (field?._zod.optin === undefined) return undefined;
  const read = z.safeParse(field, undefined);
  return read.success && read.data !== undefined ? [read.data] : undefined;
}

/** Whether a side of an intersection can be a record that does not accept every name. */
function hasLimitedNames(schema: z.core.$ZodType): boolean {
  // Every schema of zod is one of these.
  const { def } = (schema as z.core.$ZodTypes)._zod;
  if (def.type === 'record') {
    const key = (def.keyType as z.core.$ZodTypes)._zod.def;
    return key.type !== 'string' || 'check' in key || (key.checks ?? []).length > 0;
  }
  if (def.type === 'intersection') return hasLimitedNames(def.left) || hasLimitedNames(def.right);
  if (def.type === 'union') return def.options.some(hasLimitedNames);
  return 'innerType' in def && hasLimitedNames(def.innerType);
}

function objectsAt(shape: ObjectDef['shape'], name: string): readonly ObjectDef[] {
  const field = Object.hasOwn(shape, name) ? shape[name] : undefined;
  return field ? objectsIn(field) : [];
}

/** The objects that a side of an intersection can be. */
function objectsIn(schema: z.core.$ZodType): readonly ObjectDef[] {
  // Every schema of zod is one of these.
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'object':
      return [def];
    case 'intersection':
      return [...objectsIn(def.left), ...objectsIn(def.right)];
    case 'union':
      return def.options.flatMap(objectsIn);
    case 'optional':
    case 'nullable':
    case 'nonoptional':
    case 'readonly':
    case 'default':
    case 'prefault':
      return objectsIn(def.innerType);
    default:
      return [];
  }
}
