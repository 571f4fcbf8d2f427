import { CONSTRAINTS } from '../containment/keywords.ts';
import { asObject, followReference } from '../containment/node.ts';
import type { JsonSchema } from '../json-schema.ts';
import { deeper } from './change.ts';

/** A schema with its JSON pointer and its document. */
export interface SchemaLocation {
  readonly schema: JsonSchema;
  readonly at: string;
  readonly document: JsonSchema;
}

/** The schemas of the same part of the data: the published one and the current one. */
export interface Pair {
  readonly old: SchemaLocation;
  readonly now: SchemaLocation;
}

/** The location of a schema within another one. */
export function within(
  { at, document }: SchemaLocation,
  schema: JsonSchema | boolean,
  ...names: (string | number)[]
): SchemaLocation {
  return { schema: asObject(schema), at: deeper(at, ...names), document };
}

/** Follows a reference. If there are constraints beside the reference, the location stays the same. */
export function resolve(location: SchemaLocation): SchemaLocation {
  const { schema, document } = location;
  const { $ref, ...beside } = schema;
  if ($ref === undefined || Object.keys(beside).some((keyword) => CONSTRAINTS.has(keyword))) return location;
  return resolve({
    schema: asObject(followReference($ref, document)),
    at: decodeURIComponent($ref.slice(1)),
    document,
  });
}

/** The JSON pointer of a change: into the published schema if it has these names, or else into the current one. */
export function pointerTo({ old, now }: Pair, ...names: readonly (string | number)[]): string {
  if (has(old.schema, names)) return deeper(old.at, ...names);
  return has(now.schema, names) ? deeper(now.at, ...names) : old.at;
}

/** The longest beginning of a pointer that exists in one of the documents. A joined schema has a pointer that may not exist. */
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
