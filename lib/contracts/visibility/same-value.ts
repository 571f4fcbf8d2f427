import type * as z from 'zod';

/** The schemas within a schema that are about the value itself, not about its parts: alternatives, both sides of `.and()`, and what is wrapped. */
export function schemasOfSameValue({ _zod: schema }: z.core.$ZodTypes): readonly z.core.$ZodType[] {
  const { def } = schema;
  switch (def.type) {
    case 'union':
      return def.options;
    case 'intersection':
      return [def.left, def.right];
    case 'lazy':
      // The getter may return a new schema each time. `innerType` is the one that checks data.
      return 'innerType' in schema ? [schema.innerType] : [];
    case 'optional':
    case 'nullable':
    case 'nonoptional':
    case 'readonly':
    case 'default':
    case 'prefault':
      return [def.innerType];
    default:
      return [];
  }
}
