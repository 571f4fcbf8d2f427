import type { JsonSchema } from '../json-schema.ts';
import { describeSchema, formatValue } from './format-value.ts';
import { resolve, type SchemaLocation, within } from './schema-location.ts';

/** An alternative of a union, with a name that distinguishes it from the others. */
export interface Alternative {
  readonly location: SchemaLocation;
  /** Its position in the union. */
  readonly index: number;
  /** For people, such as `with by "card"`. */
  readonly name: string;
  /** The constants that distinguish it from all others; absent when there are none. */
  readonly tag?: string;
}

/** The alternatives of a schema: those of a union, one for each of several types, or the schema itself. */
export function alternativesOf(location: SchemaLocation): readonly Alternative[] {
  const { schema } = location;
  const keyword = schema.anyOf ? 'anyOf' : 'oneOf';
  const options = schema[keyword];
  if (options) return nameAll(options.map((one, index) => within(location, one, keyword, index)));
  const { type } = schema;
  if (!Array.isArray(type)) return nameAll([location]);
  return nameAll(type.map((one: string) => ({ ...location, schema: { ...schema, type: one } })));
}

function nameAll(locations: readonly SchemaLocation[]): readonly Alternative[] {
  const resolved = locations.map(resolve);
  const tags = tagsOf(resolved.map(({ schema }) => schema));
  return resolved.map((location, index) => {
    const tag = tags?.[index];
    const own = locations[index]?.schema ?? location.schema;
    const name = tag === undefined ? describeSchema(own) : `with ${tag}`;
    return { location, index, name, ...(tag !== undefined && { tag }) };
  });
}

/** Tags from the first field whose constants differ between all objects among the alternatives. Other alternatives have no tag. */
function tagsOf(schemas: readonly JsonSchema[]): readonly (string | undefined)[] | undefined {
  const objects = schemas.filter(({ properties }) => properties);
  const names = Object.keys(objects[0]?.properties ?? {});
  for (const name of names) {
    const tags = schemas.map((schema) => constantOf(schema, name));
    const own = tags.filter((tag) => tag !== undefined);
    if (own.length === objects.length && new Set(own).size === own.length) return tags;
  }
  return undefined;
}

function constantOf({ properties }: JsonSchema, name: string): string | undefined {
  const field = properties && Object.hasOwn(properties, name) ? properties[name] : undefined;
  if (field && 'const' in field) return `${name} ${formatValue(field.const)}`;
  return field?.enum ? `${name} ${field.enum.map(formatValue).join(' or ')}` : undefined;
}
