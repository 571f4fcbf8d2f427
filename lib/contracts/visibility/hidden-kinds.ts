import * as z from 'zod';
import { hiddenByTag, hiddenByUnion } from './hidden-unions.ts';

const CODE = 'runs code, which a JSON Schema cannot show';
const NO_JSON = 'is not a JSON value';

/** Why a type of schema is refused, and what to write instead. Types that are in no list are refused too. */
const REFUSED: Readonly<Record<string, string>> = {
  bigint: `z.bigint() ${NO_JSON}; write z.string().regex(/^-?\\d+$/), and BigInt(...) in the handler`,
  date: `z.date() ${NO_JSON}; write z.iso.datetime(), a string, and new Date(...) in the handler`,
  map: `z.map() ${NO_JSON}; write z.record(z.string(), ...), or an array of z.object({ key, value })`,
  set: `z.set() ${NO_JSON}; write z.array(...)`,
  symbol: `z.symbol() ${NO_JSON}; write z.enum([...])`,
  undefined: `z.undefined() ${NO_JSON}; leave the field out, or write .optional()`,
  void: `z.void() ${NO_JSON}; leave the field out, or write .optional()`,
  nan: `z.nan() ${NO_JSON}; write z.number().nullable()`,
  file: `z.file() ${NO_JSON}; write z.url() with the address of the file, or z.base64()`,
  promise: `z.promise() ${NO_JSON}; write the schema of what it resolves to`,
  function: `z.function() ${NO_JSON}; write the schema of what it returns`,
  custom: `z.custom() or z.instanceof() ${CODE}; write the schema itself, such as z.object({ ... })`,
  transform: `z.transform() ${CODE}; write the schema of the published data, and convert the data in the handler or in an upcast`,
  success: 'z.success() returns true or false instead of the published data; write the schema within it',
  catch:
    '.catch() accepts any value, and a JSON Schema does not show that; write .optional() or .default(), or let the value be refused',
};

const PIPES = {
  preprocess: `z.preprocess() ${CODE}; write the schema of the published data, and convert the data in the handler or in an upcast`,
  codec: `z.codec() or z.stringbool() ${CODE}; write the schema of the published data, and decode the data in the handler`,
  transform: `.transform() ${CODE}; write the schema of the published data, and convert the data in the handler or in an upcast`,
  pipe: '.pipe() has two schemas, and a JSON Schema shows only the first; write them as one schema, or with .and()',
} as const;

/** Types that a JSON Schema shows completely. The schemas within them are checked separately. */
const SHOWN: ReadonlySet<string> = new Set([
  ...[
    'string',
    'number',
    'boolean',
    'null',
    'any',
    'unknown',
    'never',
    'enum',
    'literal',
    'template_literal',
  ],
  ...['object', 'record', 'array', 'tuple', 'union', 'intersection', 'lazy'],
  ...['optional', 'nullable', 'nonoptional', 'readonly', 'default', 'prefault'],
]);

/** Types whose values can be names of fields. */
const NAMES: ReadonlySet<string> = new Set(['string', 'enum', 'literal', 'template_literal']);

/** Problems of a schema's type, without its checks and metadata: sentences with what to write instead. */
export function* hiddenByKind(schema: z.core.$ZodTypes): Iterable<string> {
  const { def } = schema._zod;
  if (def.type === 'pipe') yield PIPES[kindOfPipe(def)];
  else if (!SHOWN.has(def.type)) {
    yield REFUSED[def.type] ??
      `it is not known whether a JSON Schema shows z.${def.type}(); use other schemas`;
  } else if ('coerce' in def && def.coerce) {
    yield `z.coerce.${def.type}() accepts values that its JSON Schema refuses; write z.${def.type}(), and publish values of this type`;
  }
  if (def.type === 'record') yield* hiddenByRecord(def);
  if (def.type === 'tuple') yield* hiddenByTuple(def);
  if (def.type === 'union') {
    yield* hiddenByUnion(def);
    if ('discriminator' in def) yield* hiddenByTag(schema, def);
  }
  const values = def.type === 'literal' ? def.values : def.type === 'enum' ? Object.values(def.entries) : [];
  for (const value of values.filter((one) => !isJsonScalar(one))) {
    yield `${String(value)} ${NO_JSON}; leave it out of the ${def.type}`;
  }
}

/** Problems of tuples and unions without anything in them: zod writes an empty list for them, which is not valid in a JSON Schema. */
export function* hiddenByEmptiness({ _zod: { def } }: z.core.$ZodTypes): Iterable<string> {
  if (def.type === 'tuple' && def.items.length === 0) {
    const other = def.rest ? 'z.array(...)' : 'z.array(z.never()).max(0)';
    yield `the JSON Schema of a tuple without items is not valid; write ${other}`;
  }
  if (def.type === 'union' && def.options.length === 0)
    yield 'the JSON Schema of a union without alternatives is not valid; write z.never()';
}

function kindOfPipe(def: z.core.$ZodPipeDef): keyof typeof PIPES {
  if (def.in._zod.def.type === 'transform') return 'preprocess';
  if (def.transform || def.reverseTransform) return 'codec';
  return def.out._zod.def.type === 'transform' ? 'transform' : 'pipe';
}

function* hiddenByRecord({ keyType, valueType, mode, partial }: z.core.$ZodRecordDef): Iterable<string> {
  if (mode === 'loose') {
    yield 'z.looseRecord() accepts names that its JSON Schema does not show; write z.record(), or z.object({ ... }).catchall(...)';
  }
  if (keyType._zod.values && !partial && takesNothing(valueType)) {
    yield 'the listed names of a record may be missing, because their values may be anything, but its JSON Schema requires them; write z.partialRecord(), or the schema of the values';
  }
  if (!isNameSchema(keyType)) {
    yield 'the names of a record are strings in JSON; write them as z.string().regex(...) or z.enum([...])';
  }
}

/** Problems of a tuple that accepts more items. zod requires no minimum length, so an item that may be anything may also be missing. */
function* hiddenByTuple({ items, rest }: z.core.$ZodTupleDef): Iterable<string> {
  if (!rest) return;
  const loose = items.findIndex(takesNothing);
  if (loose < 0) return;
  yield `item ${loose + 1} of a tuple that accepts more items may be missing, because it may be anything, but its JSON Schema requires it; write .optional(), or the schema of the item`;
}

/** Whether zod accepts a missing value although the schema is not optional. */
function takesNothing(schema: z.core.$ZodType): boolean {
  return schema._zod.optin === undefined && z.safeParse(schema, undefined).success;
}

function isNameSchema(schema: z.core.$ZodType): boolean {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  return def.type === 'union' ? def.options.every(isNameSchema) : NAMES.has(def.type);
}

function isJsonScalar(value: unknown): boolean {
  return typeof value === 'number'
    ? Number.isFinite(value)
    : value === null || typeof value === 'string' || typeof value === 'boolean';
}
