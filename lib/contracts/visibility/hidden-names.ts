import * as z from 'zod';
import { type Parent, parentsIn } from './intersection-parts.ts';

/** Whether every JavaScript object has a property of this name. zod finds it in data that has no such field. */
function isInherited(name: string): boolean {
  return name in Object.prototype;
}

const INHERITED =
  'is a name that every object of JavaScript has, and zod reads it where the field is missing; give it another name';

/** Problems of field names that the JSON Schema of an object does not show. */
export function* hiddenByNames({ _zod: { def } }: z.core.$ZodTypes): Iterable<string> {
  if (def.type === 'intersection') {
    const names = [def.left, def.right].flatMap((side) => parentsIn(side).flatMap(namesOf));
    for (const name of new Set(names.filter(isInherited))) yield `'${name}' within .and() ${INHERITED}`;
  }
  if (def.type === 'object') {
    for (const [name, field] of Object.entries(def.shape)) yield* hiddenByName(name, field);
  }
  // A record with a list of names reads each of them, unless it is a partial one.
  if (def.type === 'record' && !def.partial) {
    for (const name of def.keyType._zod.values ?? []) yield* hiddenByName(String(name), def.valueType);
  }
}

function* hiddenByName(name: string, field: z.core.$ZodType): Iterable<string> {
  if (name === '__proto__') yield `an event may not have a field '__proto__'; give it another name`;
  else if (isInherited(name) && mayBeMissing(field, name))
    yield `'${name}' ${INHERITED}, or make it required`;
}

function namesOf(def: Parent): readonly string[] {
  return def.type === 'object' ? Object.keys(def.shape) : [];
}

/** Whether zod accepts data without the field, because the field is optional or because the inherited property matches its schema. */
function mayBeMissing(field: z.core.$ZodType, name: string): boolean {
  return (
    field._zod.optin !== undefined ||
    z.safeParse(field, Object.getOwnPropertyDescriptor(Object.prototype, name)?.value).success
  );
}
