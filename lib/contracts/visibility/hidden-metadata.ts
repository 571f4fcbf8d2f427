import * as z from 'zod';

const SHOWN: ReadonlySet<string> = new Set([
  'id',
  'title',
  'description',
  'examples',
  'deprecated',
  '$comment',
]);

/** References have it as it is: nothing of it has to be encoded. */
const ID = /^[\w.-]+$/;

/** Keywords that the published schema itself writes. */
export const OWN_KEYWORDS: readonly string[] = ['x-links', 'x-retired', 'x-unicode'];

/**
 * What `.meta()` would write over the JSON Schema that the shape has: sentences, each with what to write instead. Annotations may be
 * given, and keywords of your own that begin with `x-`.
 */
export function* hiddenByMetadata(schema: z.core.$ZodTypes): Iterable<string> {
  // A schema that writes its JSON Schema itself may show anything.
  if (schema._zod.toJSONSchema) yield 'the schema has a toJSONSchema of its own; write the shape with zod';
  const { id } = z.globalRegistry.get(schema) ?? {};
  if (id !== undefined && !ID.test(id)) {
    yield `the id '${id}' is part of references in the JSON Schema; write it with letters, digits, '.', '_' and '-'`;
  }
  for (const keyword of Object.keys(z.globalRegistry.get(schema) ?? {})) {
    const isOwn = keyword.startsWith('x-') && !OWN_KEYWORDS.includes(keyword);
    if (!SHOWN.has(keyword) && !isOwn) {
      yield `.meta() may not set '${keyword}', which would stand for what is checked; write the shape with zod, or name it x-...`;
    }
  }
}
