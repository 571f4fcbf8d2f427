import { clipText } from '../../clip-text.ts';
import { CONSTRAINTS } from '../containment/keywords.ts';
import type { JsonSchema } from '../json-schema.ts';

/** As many letters of a value as fit into a line beside what is said of it. */
const MOST_LETTERS = 60;

/** A value as JSON, short enough for a line. */
export function say(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > MOST_LETTERS ? `${clipText(text, MOST_LETTERS - 3)}...` : text;
}

/** A schema in a few words, without notes. */
export function saySchema(schema: JsonSchema): string {
  if (schema.properties) return `an object with ${sayNames(Object.keys(schema.properties))}`;
  if (schema.prefixItems) return `a tuple of ${schema.prefixItems.length}`;
  if (schema.type === 'array' && typeof schema.items === 'object')
    return `a list of ${saySchema(schema.items)}`;
  if (schema.$ref !== undefined) return schema.$ref.replace(/^#\/\$defs\//, '');
  if (Object.keys(schema).length === 1 && typeof schema.type === 'string') return schema.type;
  return say(Object.fromEntries(Object.entries(schema).filter(([keyword]) => CONSTRAINTS.has(keyword))));
}

function sayNames(names: readonly string[]): string {
  return names.length === 0 ? 'no fields' : say(names).slice(1, -1).replaceAll('","', '", "');
}
