import * as z from 'zod';

/** A schema that is no wrapper: an object, a list, a string, ... */
export type Part = z.core.$ZodTypes;

/** The schemas that one value has to keep at once: more than one only of an intersection. */
export type Alternative = readonly Part[];

/**
 * What a value of a schema can be: the options of its unions, without the wrappers (optional, default, lazy, ...) around them.
 */
export function alternativesOf(schema: z.core.$ZodType): readonly Alternative[] {
  return unwrap(schema, new Set());
}

function unwrap(schema: z.core.$ZodType, around: ReadonlySet<z.core.$ZodType>): readonly Alternative[] {
  // A schema that is an option of itself adds nothing.
  if (around.has(schema)) return [];
  const within = new Set([...around, schema]);
  const inner = (one: z.core.$ZodType): readonly Alternative[] => unwrap(one, within);
  // Every schema of zod is one of these.
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
      // The getter may make another schema each time; the one that checks data is kept here.
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

/** What a part says of a property. */
export type Property =
  /** Its schema, and what the handler gets when it is not there; nothing when its absence is refused. */
  | { readonly schema: z.core.$ZodType; readonly absent: readonly unknown[] }
  /** It is not named, and so refused or dropped without a word. */
  | { readonly unnamed: 'refused' | 'dropped' };

/** What a part says of the property with this name; nothing when it is no object. */
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
  // A record with enumerated keys may ask for all of them, or fill them in.
  const { success, data } = z.safeParse(part, {});
  return { schema: def.valueType, absent: success ? [valueIn(data, [name])] : [] };
}

/** What the handler gets for a value that is not there: undefined or a default; nothing when its absence is refused. */
export function whenAbsent(schema: z.core.$ZodType): readonly unknown[] {
  const { success, data } = z.safeParse(schema, undefined);
  if (success) return [data];
  // It may be left out, and not be undefined: z.exactOptional().
  return schema._zod.optin === 'optional' ? [undefined] : [];
}

/** What is at a path of a value. */
export function valueIn(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, name)) return undefined;
    return Object.entries(inner).find(([key]) => key === name)?.[1];
  }, value);
}

/** Names of properties that a part gives itself. */
export function namesOf({ _zod: { def } }: Part): readonly string[] {
  return def.type === 'object' ? Object.keys(def.shape) : [];
}

const NULL = z.null() as Part;
