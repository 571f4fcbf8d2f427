import type * as z from 'zod';
import { jsonPointer, type Problem } from '../text/problem.ts';
import { hiddenByChecks } from './hidden-checks.ts';
import { hiddenByDefault } from './hidden-defaults.ts';
import { hiddenByIntersection } from './hidden-intersections.ts';
import { hiddenByEmptiness, hiddenByKind } from './hidden-kinds.ts';
import { hiddenByMetadata } from './hidden-metadata.ts';
import { hiddenByNames } from './hidden-names.ts';
import { schemasOfSameValue } from './same-value.ts';

type Path = readonly PropertyKey[];

/**
 * Finds rules and conversions of a schema that its JSON Schema does not show. Producers and consumers in other languages read the JSON
 * Schema, and the compatibility check compares it. So a hidden rule could change without anybody noticing.
 *
 * @returns problems with a pointer (`*` stands for any item or name) and a sentence about what to write instead
 */
export function findHidden(schema: z.core.$ZodType): readonly Problem[] {
  return find(schema, [
    ...[hiddenByKind, hiddenByEmptiness, hiddenByChecks, hiddenByDefault, hiddenByMetadata],
    ...[hiddenByNames, hiddenByIntersection],
  ]);
}

/**
 * Finds types and defaults of a schema whose values are others after they were written as JSON and read again. Its other rules may be of
 * any kind, because no other program reads them.
 *
 * @returns problems as those of `findHidden`
 */
export function findNotKept(schema: z.core.$ZodType): readonly Problem[] {
  return find(schema, [hiddenByKind, hiddenByDefault]);
}

type Rule = (schema: z.core.$ZodTypes) => Iterable<string>;

function find(schema: z.core.$ZodType, rules: readonly Rule[]): readonly Problem[] {
  const seen = new Set<z.core.$ZodType>();
  function* walk(schema: z.core.$ZodType, path: Path): Iterable<Problem> {
    // Stops at a recursive schema, and reports a schema that is used twice only once.
    if (seen.has(schema)) return;
    seen.add(schema);
    // Every zod schema has one of these types. Unknown types are refused below.
    const known = schema as z.core.$ZodTypes;
    const pointer = jsonPointer(path);
    try {
      for (const rule of rules) for (const detail of rule(known)) yield { pointer, detail };
      for (const [name, inner] of childrenOf(known)) yield* walk(inner, [...path, ...name]);
    } catch (error) {
      // Only user code can throw here (a default, z.lazy, a getter of a shape). The problem has the pointer of its schema.
      yield {
        pointer,
        detail: `cannot be read when the event is defined (${error}); define what it needs above the event`,
      };
    }
  }
  return [...walk(schema, ['data'])];
}

/** The schemas within a schema, each with its path. */
function* childrenOf(schema: z.core.$ZodTypes): Iterable<readonly [Path, z.core.$ZodType]> {
  const { def } = schema._zod;
  switch (def.type) {
    case 'object':
      for (const name of Object.keys(def.shape)) {
        const field = def.shape[name];
        if (field) yield [[name], field];
      }
      if (def.catchall) yield [['*'], def.catchall];
      break;
    case 'record':
      yield [['*'], def.keyType];
      yield [['*'], def.valueType];
      break;
    case 'array':
      yield [['*'], def.element];
      break;
    case 'tuple':
      for (const [index, item] of def.items.entries()) yield [[index], item];
      if (def.rest) yield [['*'], def.rest];
      break;
    default:
      for (const inner of schemasOfSameValue(schema)) yield [[], inner];
  }
}
