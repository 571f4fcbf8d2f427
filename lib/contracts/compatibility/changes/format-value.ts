import { clipText } from '../../text/clip-text.ts';
import { CONSTRAINTS } from '../containment/keywords.ts';
import type { JsonSchema } from '../json-schema.ts';

/** Maximum characters of a value, so that it fits into one line with its description. */
const MAX_CHARACTERS = 60;

/** A value as JSON, short enough for a line. */
export function formatValue(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > MAX_CHARACTERS ? `${clipText(text, MAX_CHARACTERS - 3)}...` : text;
}

/** A short description of a schema, without its notes. */
export function describeSchema(schema: JsonSchema): string {
  if (schema.properties) return `an object with ${formatNames(Object.keys(schema.properties))}`;
  if (schema.prefixItems) return `a tuple of ${schema.prefixItems.length}`;
  if (schema.type === 'array' && typeof schema.items === 'object')
    return `a list of ${describeSchema(schema.items)}`;
  if (schema.$ref !== undefined) return schema.$ref.replace(/^#\/\$defs\//, '');
  if (Object.keys(schema).length === 1 && typeof schema.type === 'string') return schema.type;
  return formatValue(
    Object.fromEntries(Object.entries(schema).filter(([keyword]) => CONSTRAINTS.has(keyword))),
  );
}

function formatNames(names: readonly string[]): string {
  return names.length === 0 ? 'no fields' : formatValue(names).slice(1, -1).replaceAll('","', '", "');
}
