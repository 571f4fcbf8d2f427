import * as z from 'zod';
import type { EventVersion } from '../versions/event-version.ts';
import { readsUnicode } from '../visibility/hidden-checks.ts';

/** The parts of JSON Schema (2020-12) that contracts use, as zod writes them. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly propertyNames?: JsonSchema;
  readonly items?: JsonSchema | boolean;
  readonly prefixItems?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly not?: JsonSchema | boolean;
  readonly [keyword: string]: unknown;
}

/**
 * The committed form of a version: the schema of its data, the allowed prefixes of links in `x-links`, where the
 * data names its person in `x-personal-subject`, and `x-retired` when no contract has the version any more. `x-unicode` marks a pattern with the flag `u`.
 */
export interface PublishedSchema extends JsonSchema {
  readonly title: string;
  readonly 'x-links'?: readonly string[];
  readonly 'x-personal-subject'?: string;
  readonly 'x-retired'?: true;
}

/**
 * The schema of a version's data on the wire, before defaults are filled in.
 *
 * @param description what happened, in one sentence
 * @throws Error of zod when the data has a type that JSON does not have
 */
export function publishedSchema(
  { schema, versionedType, links, personal }: EventVersion,
  description: string,
): PublishedSchema {
  // A title in the metadata of the data names the data, not the version.
  const { $schema, title: _, ...rest } = z.toJSONSchema(schema, { io: 'input', override: showUnicode });
  return {
    $schema,
    title: versionedType,
    description,
    ...(links.length > 0 && { 'x-links': links }),
    ...(personal && { 'x-personal-subject': personal.subject }),
    // zod writes JSON Schema as a plain tree of objects.
    ...(rest as JsonSchema),
  };
}

/** Adds `x-unicode`. JSON Schema cannot store the flags of a pattern, and with the flag `u` a pattern can accept other texts. */
function showUnicode({
  zodSchema,
  jsonSchema,
}: {
  readonly zodSchema: z.core.$ZodTypes;
  readonly jsonSchema: z.core.JSONSchema.BaseSchema;
}): void {
  if (readsUnicode(zodSchema)) jsonSchema['x-unicode'] = true;
}
