import { CONSTRAINTS } from '../containment/keywords.ts';
import { followReference } from '../containment/node.ts';
import type { JsonSchema } from '../json-schema.ts';
import { deeper } from './change.ts';

/** A schema, and where it stands in its document. */
export interface Place {
  readonly schema: JsonSchema;
  readonly at: string;
  readonly document: JsonSchema;
}

/** The same place of the data, in the schema as it was published and as it is now. */
export interface Pair {
  readonly old: Place;
  readonly now: Place;
}

/** A schema within a place. */
export function within(
  { at, document }: Place,
  schema: JsonSchema | boolean,
  ...names: (string | number)[]
): Place {
  return { schema: objectOf(schema), at: deeper(at, ...names), document };
}

/** Where a reference leads, if it stands alone: what stands beside it and narrows keeps it where it is. */
export function resolve(place: Place): Place {
  const { schema, document } = place;
  const { $ref, ...beside } = schema;
  if ($ref === undefined || Object.keys(beside).some((keyword) => CONSTRAINTS.has(keyword))) return place;
  return resolve({
    schema: objectOf(followReference($ref, document)),
    at: decodeURIComponent($ref.slice(1)),
    document,
  });
}

/** A pointer to what a change is about: in the published schema if it is there, else in the schema as it is now. */
export function pointerTo({ old, now }: Pair, ...names: readonly (string | number)[]): string {
  if (has(old.schema, names)) return deeper(old.at, ...names);
  return has(now.schema, names) ? deeper(now.at, ...names) : old.at;
}

/** The part of a pointer that leads somewhere in one of the documents: what several schemas say together stands nowhere as one. */
export function existing(pointer: string, documents: readonly JsonSchema[]): string {
  const names = pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (documents.some((document) => has(document, names))) return pointer;
  return existing(pointer.slice(0, pointer.lastIndexOf('/')), documents);
}

function has(schema: unknown, [name, ...rest]: readonly (string | number)[]): boolean {
  if (name === undefined) return true;
  if (typeof schema !== 'object' || schema === null || !Object.hasOwn(schema, name)) return false;
  return has(Object(schema)[name], rest);
}

/** A schema that takes anything, or nothing, has a short form. */
function objectOf(schema: JsonSchema | boolean): JsonSchema {
  if (typeof schema === 'object') return schema;
  return schema ? {} : { not: {} };
}
