import * as z from 'zod';

/** A schema without wrappers: an object, a list, a string, ... */
export type Part = z.core.$ZodTypes;

/** The schemas that one value has to match at the same time. There are several only for an intersection. */
export type Alternative = readonly Part[];

/**
 * The alternatives of a schema: the options of its unions, without the wrappers (optional, default, lazy, ...) around them.
 */
export function alternativesOf(schema: z.core.$ZodType): readonly Alternative[] {
  return unwrap(schema, new Set());
}

function unwrap(schema: z.core.$ZodType, around: ReadonlySet<z.core.$ZodType>): readonly Alternative[] {
  // A schema that is an option of itself adds no alternative.
  if (around.has(schema)) return [];
  const within = new Set([...around, schema]);
  const inner = (one: z.core.$ZodType): readonly Alternative[] => unwrap(one, within);
  // Every zod schema has one of these types.
  const part = schema as Part;
  const { def } = part._zod;
  switch (def.type) {
    case 'union':
      return def.options.flatMap(inner);
    case 'intersection': {
      const right = inner(def.right);
      return inner(def.left).flatMap((one) => right.map((other) => [...one, ...other]));
    }
    case 'lazy':
      // The getter may return a new schema each time. `innerType` is the one that checks data.
      return inner('innerType' in part._zod ? part._zod.innerType : def.getter());
    case 'nullable':
      return [...inner(def.innerType), [NULL]];
    case 'optional':
    case 'nonoptional':
    case 'readonly':
    case 'default':
    case 'prefault':
      return inner(def.innerType);
    default:
      return [[part]];
  }
}

/** The rule of a part for a property. */
export type Property =
  /** Its schema, and the values that the handler gets when the property is absent; none when its absence is refused. */
  | { readonly schema: z.core.$ZodType; readonly absent: readonly unknown[] }
  /** The part does not name it, so it is refused or silently removed. */
  | { readonly unnamed: 'refused' | 'dropped' };

/** The rule of a part for the property with this name; undefined when the part is not an object. */
export function propertyOf(part: Part, name: string): Property | undefined {
  const { def } = part._zod;
  if (def.type === 'object') {
    const field = Object.hasOwn(def.shape, name) ? def.shape[name] : undefined;
    if (field) return { schema: field, absent: whenAbsent(field) };
    if (!def.catchall) return { unnamed: 'dropped' };
    const isStrict = def.catchall._zod.def.type === 'never';
    return isStrict ? { unnamed: 'refused' } : { schema: def.catchall, absent: [undefined] };
  }
  if (def.type !== 'record') return undefined;
  if (!z.safeParse(def.keyType, name).success) return { unnamed: 'refused' };
  // A record with enumerated keys may require all of them, or fill in defaults.
  const { success, data } = z.safeParse(part, {});
  return { schema: def.valueType, absent: success ? [valueIn(data, [name])] : [] };
}

/** The values that the handler gets when a value is absent: undefined or a default; none when its absence is refused. */
export function whenAbsent(schema: z.core.$ZodType): readonly unknown[] {
  const { success, data } = z.safeParse(schema, undefined);
  if (success) return [data];
  // With z.exactOptional(), the value may be absent, but not undefined.
  return schema._zod.optin === 'optional' ? [undefined] : [];
}

/** The value at a path within a value; undefined when there is none. */
export function valueIn(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, name)) return undefined;
    return Object.entries(inner).find(([key]) => key === name)?.[1];
  }, value);
}

/** The names of the properties of a part. */
export function namesOf({ _zod: { def } }: Part): readonly string[] {
  return def.type === 'object' ? Object.keys(def.shape) : [];
}

const NULL = z.null() as Part;
