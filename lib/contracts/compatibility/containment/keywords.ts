/**
 * The constraints that the comparison understands: the keywords of JSON Schema that zod writes and that limit the data. Every keyword that
 * is not in this list (`description`, `example`, `unit`, `$comment`, `x-pii`) counts as a note.
 */
export const CONSTRAINTS: ReadonlySet<string> = new Set([
  ...['$ref', 'type', 'const', 'enum', 'anyOf', 'oneOf', 'allOf', 'not'],
  ...['properties', 'required', 'additionalProperties', 'propertyNames'],
  ...['items', 'prefixItems', 'minItems', 'maxItems'],
  ...['minLength', 'maxLength', 'pattern', 'format', 'x-unicode'],
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
]);

/**
 * Constraints that zod does not write for any schema that `defineEvent` accepts. A schema that was edited by hand can have them. Only the
 * same keyword with the same value can be compared; anything else is unclear.
 *
 * @see https://json-schema.org/draft/2020-12/json-schema-validation
 */
export const OPAQUE: readonly string[] = [
  ...['if', 'then', 'else', 'dependentSchemas', 'dependentRequired', 'patternProperties'],
  ...['contains', 'minContains', 'maxContains', 'uniqueItems', 'minProperties', 'maxProperties'],
  ...['unevaluatedItems', 'unevaluatedProperties', '$dynamicRef'],
];

/** Keywords whose value is one schema, and keywords whose value is a list of schemas. */
const ONE: ReadonlySet<string> = new Set(['not', 'additionalProperties', 'propertyNames', 'items']);
const LIST: ReadonlySet<string> = new Set(['anyOf', 'oneOf', 'allOf', 'prefixItems']);

const texts = new WeakMap<object, string>();

/** A schema without its notes as text. Schemas with the same constraints have the same text. */
export function canonicalText(schema: unknown): string {
  if (typeof schema !== 'object' || schema === null) return JSON.stringify(schema) ?? 'null';
  const known = texts.get(schema);
  if (known !== undefined) return known;
  const parts = Object.entries(schema)
    .filter(([keyword]) => CONSTRAINTS.has(keyword) || OPAQUE.includes(keyword))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([keyword, value]) => textOf(keyword, value));
  const text = `{${parts.join(',')}}`;
  texts.set(schema, text);
  return text;
}

function textOf(keyword: string, value: unknown): string {
  if (ONE.has(keyword)) return `${keyword}:${canonicalText(value)}`;
  if (LIST.has(keyword) && Array.isArray(value)) return `${keyword}:[${value.map(canonicalText).join(',')}]`;
  if (keyword === 'properties' && typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return `${keyword}:{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonicalText(field)}`).join(',')}}`;
  }
  return `${keyword}:${JSON.stringify(value)}`;
}
