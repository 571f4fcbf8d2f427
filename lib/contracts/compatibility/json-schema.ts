import * as z from 'zod';
import type { EventVersion } from '../event-version.ts';
import { readsUnicode } from '../visibility/hidden-checks.ts';

/** The parts of a JSON Schema (2020-12) that contracts are made of, as zod writes them. */
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
 * The committed form of a version: the schema of its data, how its links begin under `x-links`, and `x-retired` when no contract
 * has the version any more. `x-unicode` stands beside a pattern that is read with the flag `u`.
 */
export interface PublishedSchema extends JsonSchema {
  readonly title: string;
  readonly 'x-links'?: readonly string[];
  readonly 'x-retired'?: true;
}

/**
 * The schema of a version's data as it travels: before defaults are filled in.
 *
 * @param description what the event says, in one sentence
 * @throws Error of zod when the data has a type that JSON does not have
 */
export function publishedSchema(
  { schema, versionedType, links }: EventVersion,
  description: string,
): PublishedSchema {
  // A title in the metadata of the data names the data, not the version.
  const { $schema, title: _, ...rest } = z.toJSONSchema(schema, { io: 'input', override: showUnicode });
  return {
    $schema,
    title: versionedType,
    description,
    ...(links.length > 0 && { 'x-links': links }),
    // JSON Schema, as zod writes it: a plain tree.
    ...(rest as JsonSchema),
  };
}

/** JSON Schema has no place for the flags of a pattern; with `u` the same pattern can take other text. */
function showUnicode({
  zodSchema,
  jsonSchema,
}: {
  readonly zodSchema: z.core.$ZodTypes;
  readonly jsonSchema: z.core.JSONSchema.BaseSchema;
}): void {
  if (readsUnicode(zodSchema)) jsonSchema['x-unicode'] = true;
}
