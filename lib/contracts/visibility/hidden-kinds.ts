import * as z from 'zod';

const CODE = 'runs code, which a JSON Schema cannot show';
const NO_JSON = 'is no JSON value';

/** Why a kind of schema is refused, and what to write instead. Kinds that are in no list are refused too. */
const REFUSED: Readonly<Record<string, string>> = {
  bigint: `z.bigint() ${NO_JSON}; write z.string().regex(/^-?\\d+$/), and BigInt(...) in the handler`,
  date: `z.date() ${NO_JSON}; write z.iso.datetime(), a string, and new Date(...) in the handler`,
  map: `z.map() ${NO_JSON}; write z.record(z.string(), ...), or an array of z.object({ key, value })`,
  set: `z.set() ${NO_JSON}; write z.array(...)`,
  symbol: `z.symbol() ${NO_JSON}; write z.enum([...])`,
  undefined: `z.undefined() ${NO_JSON}; leave the field out, or write .optional()`,
  void: `z.void() ${NO_JSON}; leave the field out, or write .optional()`,
  nan: `z.nan() ${NO_JSON}; write z.number().nullable()`,
  file: `z.file() ${NO_JSON}; write z.url() of where the file lies, or z.base64()`,
  promise: `z.promise() ${NO_JSON}; write the schema of what it resolves to`,
  function: `z.function() ${NO_JSON}; write the schema of what it returns`,
  custom: `z.custom() or z.instanceof() ${CODE}; write the shape itself, such as z.object({ ... })`,
  transform: `z.transform() ${CODE}; write the shape that travels, and change it in the handler or in an upcast`,
  success: 'z.success() hands over true or false, and not what travels; write the schema within it',
  catch:
    '.catch() takes any value, and a JSON Schema does not show that; write .optional() or .default(), or let it be refused',
};

const PIPES = {
  preprocess: `z.preprocess() ${CODE}; write the shape that travels, and change it in the handler or in an upcast`,
  codec: `z.codec() or z.stringbool() ${CODE}; write the shape that travels, and decode it in the handler`,
  transform: `.transform() ${CODE}; write the shape that travels, and change it in the handler or in an upcast`,
  pipe: '.pipe() asks for two shapes, and a JSON Schema shows the first only; write them as one, or with .and()',
} as const;

/** Kinds that a JSON Schema shows whole; what is within them is looked at by itself. */
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

/** Kinds whose values can be names of fields. */
const NAMES: ReadonlySet<string> = new Set(['string', 'enum', 'literal', 'template_literal']);

/** What the kind of a schema, checks and metadata apart, hides from its JSON Schema: a sentence with what to write instead. */
export function* hiddenByKind({ _zod: { def } }: z.core.$ZodTypes): Iterable<string> {
  if (def.type === 'pipe') yield PIPES[kindOfPipe(def)];
  else if (!SHOWN.has(def.type)) {
    yield REFUSED[def.type] ??
      `z.${def.type}() is not known to be shown by a JSON Schema; write it with other schemas`;
  } else if ('coerce' in def && def.coerce) {
    yield `z.coerce.${def.type}() takes values that its JSON Schema refuses; write z.${def.type}(), and have it sent so`;
  }
  if (def.type === 'record') yield* hiddenByRecord(def);
  if (def.type === 'tuple') yield* hiddenByTuple(def);
  if (def.type === 'union') yield* hiddenByUnion(def);
  const values = def.type === 'literal' ? def.values : def.type === 'enum' ? Object.values(def.entries) : [];
  for (const value of values.filter((one) => !isJsonScalar(one))) {
    yield `${String(value)} ${NO_JSON}; leave it out of the ${def.type}`;
  }
}

function kindOfPipe(def: z.core.$ZodPipeDef): keyof typeof PIPES {
  if (def.in._zod.def.type === 'transform') return 'preprocess';
  if (def.transform || def.reverseTransform) return 'codec';
  return def.out._zod.def.type === 'transform' ? 'transform' : 'pipe';
}

function* hiddenByRecord({ keyType, valueType, mode, partial }: z.core.$ZodRecordDef): Iterable<string> {
  if (mode === 'loose') {
    yield 'z.looseRecord() lets names through that its JSON Schema does not show; write z.record(), or z.object({ ... }).catchall(...)';
  }
  if (keyType._zod.values && !partial && takesNothing(valueType)) {
    yield 'the names of a record of certain names may be missing, for their values may be anything, and its JSON Schema asks for them; write z.partialRecord(), or what they may be';
  }
  if (!isNameSchema(keyType)) {
    yield 'the names of a record are strings in JSON; write them as z.string().regex(...) or z.enum([...])';
  }
}

/** A tuple that takes more items has no least length for zod: an item that may be anything may also be missing. */
function* hiddenByTuple({ items, rest }: z.core.$ZodTupleDef): Iterable<string> {
  if (!rest) return;
  const loose = items.findIndex(takesNothing);
  if (loose < 0) return;
  yield `item ${loose + 1} of a tuple that takes more items may be missing, for it may be anything, and its JSON Schema asks for it; write .optional(), or what it may be`;
}

/** What several alternatives say of a value that is missing: an exclusive union refuses it, and a JSON Schema does not ask for it. */
function* hiddenByUnion({ options, inclusive }: z.core.$ZodUnionDef): Iterable<string> {
  const loose = options.filter(({ _zod: { optin } }) => optin !== undefined);
  if (loose.length === 0) return;
  if (inclusive === false && options.filter((one) => z.safeParse(one, undefined).success).length > 1) {
    yield 'several alternatives of z.xor() may be missing, and then none is taken; write .optional() or .default() after z.xor()';
  }
  const [first, ...others] = loose.map((one) => z.safeParse(one, undefined).data);
  if (
    inclusive !== false &&
    loose.length > 1 &&
    first === undefined &&
    others.some((one) => one !== undefined)
  ) {
    yield 'an alternative that is .optional() hides the .default() of a later one; write .optional() or .default() after z.union()';
  }
}

/** Whether zod lets a value be missing that is not said to be optional. */
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
