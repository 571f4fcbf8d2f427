import * as z from 'zod';
import type { JsonSchema } from '../compatibility/json-schema.ts';
import type { Place } from './cloud-event.ts';

/** Where a schema is put. */
export interface Destination {
  /** The JSON pointer of its new root, as a reference: `#/components/schemas/shop.OrderPlaced.v1.data`. */
  readonly root: string;
  readonly place: Place;
}

/**
 * Formats that whoever checks by format judges more strictly than the contract, whose pattern says it exactly; `uri` has no pattern, and
 * a contract takes the URLs of browsers.
 */
const STRICTER: Readonly<Record<Place, readonly string[]>> = {
  request: ['email', 'duration', 'hostname'],
  topic: ['email', 'duration', 'hostname', 'uri'],
};

/**
 * The schema of a contract as a part of a document. Its references lead to its own root, which lies deeper there; a format that would
 * refuse what the contract takes becomes the note `x-format`, and such a step of a number the note `x-multipleOf`; and for the topic it is written in draft 7, for that is what AsyncAPI has.
 */
export function relocate(schema: JsonSchema, destination: Destination): object {
  const { root, place } = destination;
  const moveAll = (value: object): object =>
    Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, move(inner)]));
  const move = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(move);
    if (typeof value !== 'object' || value === null) return value;
    const moved = Object.entries(value)
      .filter(isExact(value))
      .map(([keyword, inner]): [string, unknown] => {
        if (VALUES.has(keyword)) return [keyword, inner];
        if (NAMED.has(keyword) && typeof inner === 'object' && inner !== null)
          return [keyword, moveAll(inner)];
        if (keyword === '$ref' && typeof inner === 'string') return [keyword, inner.replace(/^#/, root)];
        if (keyword === 'format' && STRICTER[place].includes(String(inner))) return ['x-format', inner];
        // Validators divide, and in floating point 1.15 is no multiple of 0.01; zod counts decimals.
        if (keyword === 'multipleOf' && !Number.isInteger(inner)) return ['x-multipleOf', inner];
        return [keyword, move(inner)];
      });
    return place === 'topic' ? asDraft7(moved) : Object.fromEntries(moved);
  };
  return Object(move(schema));
}

/** The pattern that zod writes beside `ipv6` refuses addresses with an IPv4 part, which the contract takes: the format says it. */
function isExact(schema: object): (keyword: readonly [string, unknown]) => boolean {
  const isIpv6 = Object.entries(schema).some(([name, value]) => name === 'format' && value === 'ipv6');
  return ([keyword, inner]) => !(isIpv6 && keyword === 'pattern' && inner === z.regexes.ipv6.source);
}

/** Keywords whose values are data, in which `$ref` is a name like any other. */
const VALUES = new Set(['const', 'enum', 'default', 'examples']);
/** Keywords that have schemas by names, which are no keywords. */
const NAMED = new Set(['properties', 'patternProperties', '$defs']);

/** Of draft 7: a list of schemas for the first items is `items`, and nothing beside a reference counts. */
function asDraft7(keywords: readonly (readonly [string, unknown])[]): object {
  const { prefixItems, items, $ref, ...rest }: Record<string, unknown> = Object.fromEntries(keywords);
  const tuple = prefixItems === undefined ? items : prefixItems;
  const others = prefixItems === undefined ? undefined : items;
  const schema: Record<string, unknown> = {
    ...rest,
    ...(tuple !== undefined && { items: tuple }),
    ...(others !== undefined && { additionalItems: others }),
  };
  if ($ref === undefined) return schema;
  if (Object.keys(schema).length === 0) return { $ref };
  const { allOf = [] } = schema;
  // Beside the others, not around them: references lead to the definitions of this object.
  return { ...schema, allOf: [...[allOf].flat(), { $ref }] };
}
