import type { JsonSchema } from '../json-schema.ts';
import { type Place, resolve, within } from './place.ts';
import { say, saySchema } from './say.ts';

/** An alternative of a union, and how a person tells it from the others. */
export interface Alternative {
  readonly place: Place;
  /** Its position in the union. */
  readonly index: number;
  /** Such as `with by "card"`. */
  readonly name: string;
  /** The constants that tell it from all the others, if there are such. */
  readonly tag?: string;
}

/** What a value may be: the alternatives of a union, one for each of several types, or the schema itself. */
export function alternativesOf(place: Place): readonly Alternative[] {
  const { schema } = place;
  const keyword = schema.anyOf ? 'anyOf' : 'oneOf';
  const options = schema[keyword];
  if (options) return nameAll(options.map((one, index) => within(place, one, keyword, index)));
  const { type } = schema;
  if (!Array.isArray(type)) return nameAll([place]);
  return nameAll(type.map((one: string) => ({ ...place, schema: { ...schema, type: one } })));
}

function nameAll(places: readonly Place[]): readonly Alternative[] {
  const resolved = places.map(resolve);
  const tags = tagsOf(resolved.map(({ schema }) => schema));
  return resolved.map((place, index) => {
    const tag = tags?.[index];
    const own = places[index]?.schema ?? place.schema;
    const name = tag === undefined ? saySchema(own) : `with ${tag}`;
    return { place, index, name, ...(tag !== undefined && { tag }) };
  });
}

/** The first field whose constants differ between all the alternatives that are objects; others have no tag. */
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
  if (field && 'const' in field) return `${name} ${say(field.const)}`;
  return field?.enum ? `${name} ${field.enum.map(say).join(' or ')}` : undefined;
}
