import fc from 'fast-check';
import * as z from 'zod';

/** Where a value is, and what it usually is. */
export interface ValuePath {
  readonly path: readonly string[];
  readonly mostly: 'texts' | 'numbers' | 'others';
}

/** A schema, and data that it may take: some of it does not keep it. */
export interface Shape {
  readonly schema: z.ZodType;
  readonly wire: fc.Arbitrary<unknown>;
  /** Paths of the single values in it, with what is usually there; the path of one by itself is empty. */
  readonly paths: readonly ValuePath[];
  /** The schema as somebody would write it, for the report of a failure. */
  readonly text: string;
}

/** Few words, so that conditions and data meet often. */
export const WORDS = ['', 'a', 'A', 'ab', 'b', 'open', '5', 'true', 'null'] as const;
export const NUMBERS = [-1000, -1, 0, 1, 5, 5.25, 1000] as const;
/** What is missing on the wire. */
const NOTHING = Symbol('nothing');

const words = fc.constantFrom(...WORDS);
const numbers = fc.constantFrom(...NUMBERS);
const whole = fc.constantFrom(-1000, -1, 0, 1, 5, 1000);

function single(text: string, schema: z.ZodType, wire: fc.Arbitrary<unknown>): Shape {
  const mostly = /boolean|literal/.test(text) ? 'others' : /string|enum/.test(text) ? 'texts' : 'numbers';
  return { schema, wire, text, paths: [{ path: [], mostly }] };
}

const SINGLES: readonly Shape[] = [
  single('z.string()', z.string(), words),
  single('z.string().min(1)', z.string().min(1), words),
  single("z.enum(['a', 'open'])", z.enum(['a', 'open']), words),
  single('z.boolean()', z.boolean(), fc.boolean()),
  single('z.int().min(-1000).max(1000)', z.int().min(-1000).max(1000), whole),
  single('z.number().multipleOf(0.25)', z.number().multipleOf(0.25).min(-1000).max(1000), numbers),
  single('z.number()', z.number(), fc.oneof(numbers, fc.constantFrom(1e9, 2e9, -2e9, 5.000001))),
  single("z.literal(['a', 5, null])", z.literal(['a', 5, null]), fc.constantFrom('a', 5, null)),
  single(
    'z.union([z.string(), z.int().max(1000)])',
    z.union([z.string(), z.int().min(-1000).max(1000)]),
    fc.oneof(words, whole),
  ),
  single(
    'z.union([z.boolean(), z.string()])',
    z.union([z.boolean(), z.string()]),
    fc.oneof(fc.boolean(), words),
  ),
];

/** What SNS cannot tell from single values. */
const MIXED: readonly Shape[] = [
  single(
    'z.union([z.string(), z.array(z.string())])',
    z.union([z.string(), z.array(z.string())]),
    fc.oneof(words, fc.array(words, { maxLength: 2 })),
  ),
  single(
    'z.union([z.string(), z.object({})])',
    z.union([z.string(), z.object({})]),
    fc.oneof(words, fc.constant({})),
  ),
];

/** What can be written around a schema. */
function wrappers(shape: Shape): fc.Arbitrary<Shape> {
  const wrapped = (text: string, schema: z.ZodType, wire: fc.Arbitrary<unknown>): Shape => ({
    ...shape,
    schema,
    wire,
    text: `${shape.text}${text}`,
  });
  const maybe = fc.oneof(shape.wire, fc.constant(NOTHING));
  const maybeNull = fc.oneof(shape.wire, fc.constant(null));
  const plain: readonly Shape[] = [
    shape,
    shape,
    wrapped('.optional()', shape.schema.optional(), maybe),
    wrapped('.nullable()', shape.schema.nullable(), maybeNull),
    wrapped('.nullish()', shape.schema.nullish(), fc.oneof(maybe, maybeNull)),
  ];
  const filled = shape.wire
    .filter((value) => shape.schema.safeParse(value).success)
    .map((value) => shape.schema.parse(value))
    .chain((value) => {
      const written = JSON.stringify(value);
      return fc.constantFrom(
        wrapped(`.default(${written})`, shape.schema.default(value), maybe),
        wrapped(`.prefault(${written})`, shape.schema.prefault(value), maybe),
        wrapped(`.default(${written}).optional()`, shape.schema.default(value).optional(), maybe),
        wrapped(
          `.nullable().default(${written})`,
          shape.schema.nullable().default(value),
          fc.oneof(maybe, maybeNull),
        ),
      );
    });
  return fc.oneof(fc.constantFrom(...plain), filled);
}

function fieldsOf(fields: Readonly<Record<string, Shape>>, extra: boolean): fc.Arbitrary<object> {
  const known = Object.fromEntries(Object.entries(fields).map(([name, { wire }]) => [name, wire]));
  // Fields that the schema does not name: zod drops them, or refuses the data.
  const unknown = fc.oneof(
    { weight: 6, arbitrary: fc.constant({}) },
    fc.dictionary(fc.constantFrom('x', 'y', 'z'), words),
  );
  return fc
    .tuple(extra ? unknown : fc.constant({}), fc.record(known))
    .map(([others, own]) =>
      Object.fromEntries(Object.entries({ ...others, ...own }).filter(([, value]) => value !== NOTHING)),
    );
}

function objectOf(fields: Readonly<Record<string, Shape>>, strict: boolean): Shape {
  const shape = Object.fromEntries(Object.entries(fields).map(([name, { schema }]) => [name, schema]));
  const texts = Object.entries(fields).map(([name, { text }]) => `${name}: ${text}`);
  return {
    schema: strict ? z.strictObject(shape) : z.object(shape),
    wire: fieldsOf(fields, true),
    text: `z.${strict ? 'strictObject' : 'object'}({ ${texts.join(', ')} })`,
    paths: Object.entries(fields).flatMap(([name, { paths }]) =>
      paths.map(({ path, mostly }) => ({ path: [name, ...path], mostly })),
    ),
  };
}

function unionOf(one: Shape, other: Shape): Shape {
  return {
    schema: z.union([one.schema, other.schema]),
    wire: fc.oneof(one.wire, other.wire),
    text: `z.union([${one.text}, ${other.text}])`,
    paths: [...one.paths, ...other.paths],
  };
}

function listOf(shape: Shape): Shape {
  return {
    ...shape,
    schema: z.union([shape.schema, z.array(shape.schema)]),
    wire: fc.oneof(shape.wire, fc.array(shape.wire, { maxLength: 2 })),
    text: `z.union([${shape.text}, z.array(same)])`,
  };
}

const field = fc
  .oneof({ weight: 30, arbitrary: fc.constantFrom(...SINGLES) }, fc.constantFrom(...MIXED))
  .chain(wrappers);
const names = fc.constantFrom('x', 'y', 'z');

function objects(inner: fc.Arbitrary<Shape>): fc.Arbitrary<Shape> {
  const plain = fc
    .tuple(fc.dictionary(names, inner, { minKeys: 1, maxKeys: 3 }), fc.boolean())
    .map(([fields, strict]) => objectOf(fields, strict));
  return fc.oneof(
    { weight: 36, arbitrary: plain },
    { weight: 5, arbitrary: fc.tuple(plain, plain).map(([one, other]) => unionOf(one, other)) },
    { weight: 1, arbitrary: plain.map(listOf) },
  );
}

const nested = objects(field).chain(wrappers);

/** Contracts' data: objects of single values and of further objects, with everything around them that zod has. */
export const shapes: fc.Arbitrary<Shape> = objects(
  fc.oneof({ weight: 3, arbitrary: field }, { weight: 2, arbitrary: nested }),
);
