import * as z from 'zod';
import type { JsonSchema } from '../compatibility/json-schema.ts';
import type { Target } from './cloud-event.ts';

/** The new location of a schema. */
export interface Destination {
  /** The JSON pointer of its new root, as a reference: `#/components/schemas/shop.OrderPlaced.v1.data`. */
  readonly root: string;
  readonly target: Target;
}

/**
 * Formats that validators check more strictly than the contract does. The pattern beside the format is exact. `uri` has no pattern, and a
 * contract accepts the URLs that browsers accept.
 */
const STRICTER: Readonly<Record<Target, readonly string[]>> = {
  request: ['email', 'duration', 'hostname'],
  topic: ['email', 'duration', 'hostname', 'uri'],
};

/**
 * Makes a contract's schema a part of a document:
 *
 * - references get the new root
 * - a format that would refuse data of the contract becomes the note `x-format`
 * - a `multipleOf` with decimals becomes the note `x-multipleOf`
 * - for the topic, the schema is written in draft 7, which AsyncAPI uses
 */
export function relocate(schema: JsonSchema, destination: Destination): object {
  const { root, target } = destination;
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
        if (keyword === 'format' && STRICTER[target].includes(String(inner))) return ['x-format', inner];
        // Many validators divide floating-point numbers, and then 1.15 is not a multiple of 0.01. zod calculates with decimals.
        if (keyword === 'multipleOf' && !Number.isInteger(inner)) return ['x-multipleOf', inner];
        return [keyword, move(inner)];
      });
    return target === 'topic' ? asDraft7(moved) : Object.fromEntries(moved);
  };
  return Object(move(schema));
}

/** Filters out the pattern that zod writes beside `ipv6`: it refuses addresses with an IPv4 part, which the contract accepts. */
function isExact(schema: object): (keyword: readonly [string, unknown]) => boolean {
  const isIpv6 = Object.entries(schema).some(([name, value]) => name === 'format' && value === 'ipv6');
  return ([keyword, inner]) => !(isIpv6 && keyword === 'pattern' && inner === z.regexes.ipv6.source);
}

/** Keywords whose values are data. In data, `$ref` is a normal name. */
const VALUES = new Set(['const', 'enum', 'default', 'examples']);
/** Keywords whose value is an object of schemas. Its names are not keywords. */
const NAMED = new Set(['properties', 'patternProperties', '$defs']);

/** Converts to draft 7: the schemas of the first items are `items`, and keywords beside a `$ref` are ignored, so `$ref` moves into `allOf`. */
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
  // The other keywords stay in this object, because references point to its definitions.
  return { ...schema, allOf: [...[allOf].flat(), { $ref }] };
}
