import type * as z from 'zod';
import { OPERATORS } from './policy.ts';
import { alternativesOf, namesOf, propertyOf } from './schema-parts.ts';
import { valueAtPath } from './value-at-path.ts';

/** Maximum depth of the search for a value that all events have. */
const MAX_DEPTH = 3;
/** A filter policy has at most five keys, and two of them are the event's type and its link. @see https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html */
const MAX_PATHS = 3;

/** How a filter detects an event without data: there is no value at these paths. */
export interface LackOfData {
  readonly paths: readonly string[];
  /** Whether all data has a value at one of the paths. If not, data without any of these values counts as no data. */
  readonly isCertain: boolean;
}

/**
 * Finds a value that all data of a schema has. When this value is missing, the event has no data. A filter cannot test the data itself,
 * because `exists` works for single values only.
 *
 * @param asked the paths of the conditions, which are used when there is no such value
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
  // A value that all alternatives have is in the first one too.
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
