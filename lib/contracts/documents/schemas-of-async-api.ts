import { isJsonObject } from '../json/json.ts';

type Json = Readonly<Record<string, unknown>>;

const DATA = /^(.+\.v\d+)\.data$/;
/** Keywords whose values are data. */
const VALUES = new Set(['const', 'enum', 'default', 'examples']);

/**
 * The schemas of the data of all events in an `asyncapi.json` that synth has written, each as the compatibility check keeps it: the
 * opposite of `relocate`. An address of IPv6 gets no pattern back, and its contract the format alone.
 *
 * @returns nothing for a document without such schemas
 */
export function schemasOfAsyncApi(document: Json): readonly Json[] {
  const { components } = document;
  const schemas = isJsonObject(components) ? components.schemas : undefined;
  if (!isJsonObject(schemas)) return [];
  return Object.entries(schemas).flatMap(([name, schema]) => {
    const title = DATA.exec(name)?.[1];
    if (title === undefined || !isJsonObject(schema)) return [];
    return [{ title, ...Object(moveBack(schema, `#/components/schemas/${name}`)) }];
  });
}

function moveBack(value: unknown, root: string): unknown {
  if (Array.isArray(value)) return value.map((one) => moveBack(one, root));
  if (!isJsonObject(value)) return value;
  const keywords = Object.entries(value).map(([keyword, inner]): [string, unknown] => {
    if (VALUES.has(keyword)) return [keyword, inner];
    if (keyword === '$ref' && typeof inner === 'string')
      return [keyword, inner.startsWith(root) ? `#${inner.slice(root.length)}` : inner];
    if (keyword === 'x-format') return ['format', inner];
    if (keyword === 'x-multipleOf') return ['multipleOf', inner];
    if ((keyword === 'properties' || keyword === '$defs') && isJsonObject(inner))
      return [
        keyword,
        Object.fromEntries(Object.entries(inner).map(([name, one]) => [name, moveBack(one, root)])),
      ];
    return [keyword, moveBack(inner, root)];
  });
  return asDraft2020(Object.fromEntries(keywords));
}

/** Converts from draft 7: a list of items is `prefixItems`, and a reference alone in `allOf` stood beside the other keywords. */
function asDraft2020({ items, additionalItems, allOf, ...rest }: Json): Json {
  const isTuple = Array.isArray(items);
  const others = isTuple ? additionalItems : items;
  const [only] = Array.isArray(allOf) && allOf.length === 1 ? allOf : [];
  const reference = isJsonObject(only) && only.$ref !== undefined ? only : undefined;
  return {
    ...rest,
    ...(isTuple && { prefixItems: items }),
    ...(others !== undefined && { items: others }),
    ...(reference ?? (allOf !== undefined && { allOf })),
  };
}
