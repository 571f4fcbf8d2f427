import { canonicalText } from '../containment/keywords.ts';
import type { JsonSchema } from '../json-schema.ts';
import { valuesOf } from './compare-values.ts';
import { type Pair, resolve, type SchemaLocation, within } from './schema-location.ts';

/** The fields of an object schema, which may be written as an intersection of objects. */
export interface ObjectView {
  readonly fields: ReadonlyMap<string, SchemaLocation>;
  readonly required: ReadonlySet<string>;
  /** The schema of other fields; `closed` when there may be none, `open` when there is no rule for them. */
  readonly others: SchemaLocation | 'closed' | 'open';
  readonly names: SchemaLocation | undefined;
}

/** Reads an object schema. Undefined when it is not an object, or a union. */
export function viewObject(location: SchemaLocation): ObjectView | undefined {
  const { schema } = location;
  if (schema.allOf && !schema.properties) {
    const views = schema.allOf.map((member, index) =>
      viewObject(resolve(within(location, member, 'allOf', index))),
    );
    const known = views.filter((view) => view !== undefined);
    return known.length === views.length ? known.reduce((a, b) => join(a, b, location)) : undefined;
  }
  return schema.type === 'object' && !schema.anyOf && !schema.oneOf ? readObject(location) : undefined;
}

/**
 * The fields of both sides. Of an intersection with unions, those of its other members, when the unions are the same on both sides: then only
 * the fields can differ. Undefined when they cannot be compared field by field.
 */
export function viewBoth({ old, now }: Pair): readonly [ObjectView, ObjectView] | undefined {
  const [before, after] = [viewObject(old), viewObject(now)];
  if (before && after) return [before, after];
  const [was, is] = [viewBesideUnions(old), viewBesideUnions(now)];
  return was && is && was.unions === is.unions ? [was.view, is.view] : undefined;
}

function viewBesideUnions(
  location: SchemaLocation,
): { readonly view: ObjectView; readonly unions: string } | undefined {
  const { allOf = [], properties } = location.schema;
  if (properties) return undefined;
  const members = allOf.map((member, index) => resolve(within(location, member, 'allOf', index)));
  const views = members.flatMap((member) => viewObject(member) ?? []);
  const others = members.filter((member) => viewObject(member) === undefined);
  if (views.length === 0) return undefined;
  return {
    view: views.reduce((a, b) => join(a, b, location)),
    unions: others
      .map(({ schema }) => canonicalText(schema))
      .toSorted()
      .join('\n'),
  };
}

/** All names of fields that an object can have, in any alternative of it, each with a place where it is. */
export function namesOf(
  location: SchemaLocation,
  seen: Set<string> = new Set(),
): ReadonlyMap<string, SchemaLocation> {
  const here = resolve(location);
  if (seen.has(here.at)) return new Map();
  seen.add(here.at);
  const { properties = {}, allOf = [], anyOf = [], oneOf = [] } = here.schema;
  const inner = [...Object.entries({ allOf, anyOf, oneOf })].flatMap(([keyword, members]) =>
    members.flatMap((member, index) => [...namesOf(within(here, member, keyword, index), seen)]),
  );
  const own = Object.entries(properties).map(
    ([name, schema]) => [name, within(here, schema, 'properties', name)] as const,
  );
  return new Map([...inner, ...own]);
}

function readObject(location: SchemaLocation): ObjectView {
  const { properties, required, additionalProperties, propertyNames } = location.schema;
  const fields = Object.entries(properties ?? {}).map(
    ([name, schema]) => [name, within(location, schema, 'properties', name)] as const,
  );
  const rest = additionalProperties === undefined ? {} : additionalProperties;
  const others = within(location, rest, 'additionalProperties');
  const names = propertyNames === undefined ? undefined : within(location, propertyNames, 'propertyNames');
  const listed = names && listOf(resolve(names));
  // A record with a list of names is an object with these fields and no others.
  const keys = listed?.map((name) => [name, others] as const) ?? [];
  const isClosed = listed !== undefined || additionalProperties === false;
  return {
    fields: new Map([...keys, ...fields]),
    required: new Set(required),
    others: isClosed ? 'closed' : additionalProperties === undefined ? 'open' : others,
    names: listed ? undefined : names,
  };
}

function listOf({ schema }: SchemaLocation): readonly string[] | undefined {
  const values = valuesOf(schema);
  return values?.every((value) => typeof value === 'string') ? values : undefined;
}

function join(a: ObjectView, b: ObjectView, whole: SchemaLocation): ObjectView {
  const names = new Set([...a.fields.keys(), ...b.fields.keys()]);
  const field = (name: string): SchemaLocation | undefined => {
    const [one, other] = [a, b].map(({ fields, others }) => fields.get(name) ?? locationOf(others));
    return one && other ? joinLocations(one, other) : (one ?? other);
  };
  const [x, y] = [locationOf(a.others), locationOf(b.others)];
  return {
    fields: new Map([...names].flatMap((name) => [[name, field(name) ?? whole] as const])),
    required: new Set([...a.required, ...b.required]),
    others:
      x && y
        ? joinLocations(x, y)
        : (x ?? y ?? (a.others === 'closed' && b.others === 'closed' ? 'closed' : 'open')),
    names: a.names && b.names ? joinLocations(a.names, b.names) : (a.names ?? b.names),
  };
}

function locationOf(others: ObjectView['others']): SchemaLocation | undefined {
  return typeof others === 'string' || Object.keys(others.schema).length === 0 ? undefined : others;
}

/** Joins two schemas that both have to hold. The result has the pointer of the first one. */
function joinLocations(a: SchemaLocation, b: SchemaLocation): SchemaLocation {
  const same = JSON.stringify(a.schema) === JSON.stringify(b.schema);
  const schema: JsonSchema = { allOf: [a.schema, b.schema] };
  return same ? a : { ...a, schema };
}
