import * as z from 'zod';

const SHOWN: ReadonlySet<string> = new Set([
  'id',
  'title',
  'description',
  'examples',
  'deprecated',
  '$comment',
]);

/** An id is part of references, so it may contain only characters that need no encoding. */
const ID = /^[\w.-]+$/;

/** Keywords that Fanfare writes into the published schema. */
export const OWN_KEYWORDS: readonly string[] = ['x-links', 'x-personal-subject', 'x-retired', 'x-unicode'];

/**
 * Metadata (`.meta()`) that would overwrite keywords of the JSON Schema: sentences with what to write instead. Annotations are allowed,
 * and your own keywords that begin with `x-`.
 */
export function* hiddenByMetadata(schema: z.core.$ZodTypes): Iterable<string> {
  // If a schema writes its own JSON Schema, the JSON Schema may differ from the checks.
  if (schema._zod.toJSONSchema) yield 'the schema has its own toJSONSchema; write the schema with zod';
  const { id } = z.globalRegistry.get(schema) ?? {};
  if (id !== undefined && !ID.test(id)) {
    yield `the id '${id}' is part of references in the JSON Schema; write it with letters, digits, '.', '_' and '-'`;
  }
  for (const keyword of Object.keys(z.globalRegistry.get(schema) ?? {})) {
    const isOwn = keyword.startsWith('x-') && !OWN_KEYWORDS.includes(keyword);
    if (!SHOWN.has(keyword) && !isOwn) {
      yield `.meta() may not set '${keyword}', which would replace a checked rule in the JSON Schema; write the rule with zod, or name the keyword x-...`;
    }
  }
}
