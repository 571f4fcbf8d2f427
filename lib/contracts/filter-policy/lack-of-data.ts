import type * as z from 'zod';
import { OPERATORS } from './policy.ts';
import { alternativesOf, namesOf, propertyOf } from './schema-parts.ts';
import { valueAtPath } from './value-at-path.ts';

/** How deep a value is looked for that every event has. */
const MAX_DEPTH = 3;
/** SNS takes five keys, and the event's type and its link are two of them. */
const MAX_PATHS = 3;

/** How a filter tells that an event has no data: nothing is at these paths. */
export interface LackOfData {
  readonly paths: readonly string[];
  /** Whether all data has something at one of them. Otherwise data without any counts as no data. */
  readonly isCertain: boolean;
}

/**
 * Finds a value that all data of a schema has: where it is missing, so is the data. `exists` cannot ask for the data itself, for it
 * is about single values only.
 *
 * @param asked paths that stand for the data when there is no such value
 * @see https://docs.aws.amazon.com/sns/latest/dg/attribute-key-matching.html
 */
export function lackOfData(schema: z.core.$ZodType, asked: readonly string[]): LackOfData {
  const certain = pathsIn(schema, MAX_DEPTH)
    .toSorted((a, b) => depthOf(a) - depthOf(b))
    .find((path) => isAlwaysThere(schema, path));
  return certain === undefined
    ? { paths: asked.slice(0, MAX_PATHS), isCertain: false }
    : { paths: [certain], isCertain: true };
}

function isAlwaysThere(schema: z.core.$ZodType, path: string): boolean {
  const { kinds, others, missing, dotted } = valueAtPath(schema, path);
  return kinds.size > 0 && !kinds.has('null') && others.size === 0 && missing.length === 0 && !dotted;
}

function pathsIn(schema: z.core.$ZodType, depth: number): readonly string[] {
  if (depth === 0) return [];
  // What all alternatives have, the first has.
  const [parts = []] = alternativesOf(schema);
  return parts.flatMap((part) =>
    namesOf(part).flatMap((name) => {
      if (name === '$or' || name.includes('.') || OPERATORS.has(name)) return [];
      const property = propertyOf(part, name);
      if (!property || !('schema' in property)) return [];
      return [name, ...pathsIn(property.schema, depth - 1).map((path) => `${name}.${path}`)];
    }),
  );
}

function depthOf(path: string): number {
  return path.split('.').length;
}
