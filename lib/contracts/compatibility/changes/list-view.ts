import { asObject } from '../containment/node.ts';
import type { JsonSchema } from '../json-schema.ts';
import { resolve, type SchemaLocation, within } from './schema-location.ts';

/** Reads a list, which may be written as an intersection of lists, as one list. Undefined when it is no list, or a union. */
export function viewList(location: SchemaLocation): SchemaLocation | undefined {
  const { schema } = location;
  if (!schema.allOf) return schema.type === 'array' ? location : undefined;
  const views = schema.allOf.map((member, index) =>
    viewList(resolve(within(location, member, 'allOf', index))),
  );
  const lists = views.filter((view) => view !== undefined);
  const [first] = lists;
  if (!first || lists.length < views.length) return undefined;
  // The result has the pointer of the first one.
  return { ...first, schema: lists.map((list) => list.schema).reduce(joinLists) };
}

function joinLists(a: JsonSchema, b: JsonSchema): JsonSchema {
  const lengths = [a, b].map(({ prefixItems }) => prefixItems?.length ?? 0);
  const prefixItems = Array.from({ length: Math.max(...lengths) }, (_, index) =>
    joined(itemAt(a, index), itemAt(b, index)),
  );
  return {
    type: 'array',
    ...(prefixItems.length > 0 && { prefixItems }),
    items: a.items === false || b.items === false ? false : joined(a.items ?? {}, b.items ?? {}),
    minItems: Math.max(Number(a.minItems ?? 0), Number(b.minItems ?? 0)),
  };
}

function itemAt({ prefixItems, items = {} }: JsonSchema, index: number): JsonSchema | boolean {
  return prefixItems?.[index] ?? items;
}

function joined(...all: readonly (JsonSchema | boolean)[]): JsonSchema {
  const schemas = all.map(asObject);
  const rules = schemas.filter((one) => Object.keys(one).length > 0);
  return rules.length === 1 && rules[0] ? rules[0] : { allOf: rules };
}
