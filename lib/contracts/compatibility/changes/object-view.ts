import type { JsonSchema } from '../json-schema.ts';
import { valuesOf } from './compare-values.ts';
import { type Place, resolve, within } from './place.ts';

/** The fields of an object, also when it is written as an intersection of objects. */
export interface ObjectView {
  readonly fields: ReadonlyMap<string, Place>;
  readonly required: ReadonlySet<string>;
  /** What other fields have to be; `closed` when there may be none, `open` when nothing is said of them. */
  readonly others: Place | 'closed' | 'open';
  readonly names: Place | undefined;
}

/** Reads an object, or undefined when it is none or more than one. */
export function viewObject(place: Place): ObjectView | undefined {
  const { schema } = place;
  if (schema.allOf && !schema.properties) {
    const views = schema.allOf.map((member, index) =>
      viewObject(resolve(within(place, member, 'allOf', index))),
    );
    const known = views.filter((view) => view !== undefined);
    return known.length === views.length ? known.reduce((a, b) => join(a, b, place)) : undefined;
  }
  return schema.type === 'object' && !schema.anyOf && !schema.oneOf ? readObject(place) : undefined;
}

function readObject(place: Place): ObjectView {
  const { properties, required, additionalProperties, propertyNames } = place.schema;
  const fields = Object.entries(properties ?? {}).map(
    ([name, schema]) => [name, within(place, schema, 'properties', name)] as const,
  );
  const rest = additionalProperties === undefined ? {} : additionalProperties;
  const others = within(place, rest, 'additionalProperties');
  const names = propertyNames === undefined ? undefined : within(place, propertyNames, 'propertyNames');
  const listed = names && listOf(resolve(names));
  // A record of certain names is an object that has these fields, and no others.
  const keys = listed?.map((name) => [name, others] as const) ?? [];
  const isClosed = listed !== undefined || additionalProperties === false;
  return {
    fields: new Map([...keys, ...fields]),
    required: new Set(required),
    others: isClosed ? 'closed' : additionalProperties === undefined ? 'open' : others,
    names: listed ? undefined : names,
  };
}

function listOf({ schema }: Place): readonly string[] | undefined {
  const values = valuesOf(schema);
  return values?.every((value) => typeof value === 'string') ? values : undefined;
}

function join(a: ObjectView, b: ObjectView, whole: Place): ObjectView {
  const names = new Set([...a.fields.keys(), ...b.fields.keys()]);
  const field = (name: string): Place | undefined => {
    const [one, other] = [a, b].map(({ fields, others }) => fields.get(name) ?? placeOf(others));
    return one && other ? joinPlaces(one, other) : (one ?? other);
  };
  const [x, y] = [placeOf(a.others), placeOf(b.others)];
  return {
    fields: new Map([...names].flatMap((name) => [[name, field(name) ?? whole] as const])),
    required: new Set([...a.required, ...b.required]),
    others:
      x && y
        ? joinPlaces(x, y)
        : (x ?? y ?? (a.others === 'closed' && b.others === 'closed' ? 'closed' : 'open')),
    names: a.names && b.names ? joinPlaces(a.names, b.names) : (a.names ?? b.names),
  };
}

function placeOf(others: ObjectView['others']): Place | undefined {
  return typeof others === 'string' || Object.keys(others.schema).length === 0 ? undefined : others;
}

/** Both have to hold; it is told of where the first one stands. */
function joinPlaces(a: Place, b: Place): Place {
  const same = JSON.stringify(a.schema) === JSON.stringify(b.schema);
  const schema: JsonSchema = { allOf: [a.schema, b.schema] };
  return same ? a : { ...a, schema };
}
