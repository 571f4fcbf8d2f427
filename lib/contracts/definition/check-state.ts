import type * as z from 'zod';
import { jsonPointer } from '../text/problem.ts';
import { childrenOf } from '../visibility/find-hidden.ts';

type Path = readonly PropertyKey[];

/**
 * Finds what converts the state of a saga after it is read. The state is read from what was stored at each move, so it would be converted
 * again. What converts before, such as `z.preprocess()`, may leave its own result as it is: the runtime checks that.
 *
 * @returns where it is and what it is, such as `/data/count with .transform()`; undefined when there is none
 */
export function findConversion(state: z.core.$ZodType): string | undefined {
  const seen = new Set<z.core.$ZodType>();
  function* walk(schema: z.core.$ZodType, path: Path): Iterable<string> {
    if (seen.has(schema)) return;
    seen.add(schema);
    // Every zod schema has one of these types.
    const { def } = (schema as z.core.$ZodTypes)._zod;
    if (def.type === 'transform') yield `${jsonPointer(path)} with .transform()`;
    else if (def.type === 'pipe' && (def.transform || def.reverseTransform))
      yield `${jsonPointer(path)} with a codec`;
    for (const [name, inner] of within(schema as z.core.$ZodTypes)) yield* walk(inner, [...path, ...name]);
  }
  for (const found of walk(state, ['data'])) return found;
  return undefined;
}

/** The schemas within a schema whose result counts, each with its path. */
function within(schema: z.core.$ZodTypes): Iterable<readonly [Path, z.core.$ZodType]> {
  const { def } = schema._zod;
  if (def.type === 'catch') return [[[], def.innerType]];
  if (def.type !== 'pipe') return childrenOf(schema);
  // z.preprocess() is a pipe that begins with its function.
  const isPreprocess = def.in._zod.def.type === 'transform';
  return [...(isPreprocess ? [] : [[[], def.in] as const]), [[], def.out]];
}
