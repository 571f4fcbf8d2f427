import type { Random } from './random.ts';
import { DEFAULTS, type Field, type Fields, type Others, type Shape } from './shapes.ts';

/** An edit of a shape at one place of it; undefined where it does not apply. */
type Edit = (shape: Shape, random: Random, fresh: Shape) => Shape | undefined;

const OTHERS: readonly Others[] = ['open', 'closed', 'loose', 'whole numbers', 'text'];

function moved(value: number | undefined, random: Random): number | undefined {
  if (value === undefined) return random.below(4);
  return random.chance(30) ? undefined : Math.max(0, value + (random.chance(50) ? 1 : -1));
}

/** Edits that may change what a shape takes. */
const EDITS: readonly Edit[] = [
  (_, __, fresh) => fresh,
  (shape, random) => ('min' in shape ? { ...shape, min: moved(shape.min, random) } : undefined),
  (shape, random) => ('max' in shape ? { ...shape, max: moved(shape.max, random) } : undefined),
  (shape, random) => (shape.is === 'number' ? { ...shape, above: moved(shape.above, random) } : undefined),
  (shape) => (shape.is === 'number' ? { ...shape, whole: !shape.whole } : undefined),
  (shape, random) =>
    shape.is === 'number' ? { ...shape, step: random.pick([undefined, 1, 2, 0.5, 0.1], 1) } : undefined,
  (shape, random) =>
    shape.is === 'string'
      ? { ...shape, pattern: random.pick([undefined, 'upper', 'letters', 'digits'] as const, undefined) }
      : undefined,
  (shape) =>
    shape.is === 'enum' && shape.values.length > 1 ? { ...shape, values: shape.values.slice(1) } : undefined,
  (shape) =>
    shape.is === 'enum' && !shape.values.includes('new')
      ? { ...shape, values: [...shape.values, 'new'] }
      : undefined,
  (shape, random) => (shape.is === 'object' ? { ...shape, others: random.pick(OTHERS, 'open') } : undefined),
  (shape) =>
    shape.is === 'union' || shape.is === 'xor'
      ? { ...shape, is: shape.is === 'union' ? 'xor' : 'union' }
      : undefined,
  (shape, _, fresh) =>
    shape.is === 'union' || shape.is === 'xor' ? { ...shape, options: [...shape.options, fresh] } : undefined,
  (shape) =>
    shape.is === 'union' && shape.options.length > 1
      ? { ...shape, options: shape.options.slice(1) }
      : undefined,
  (shape, _, fresh) =>
    shape.is === 'tuple' ? { ...shape, rest: shape.rest ? undefined : fresh } : undefined,
  (shape, _, fresh) => (shape.is === 'tuple' ? { ...shape, items: [...shape.items, fresh] } : undefined),
  (shape, random) =>
    shape.is === 'record'
      ? { ...shape, names: random.pick(['any', 'short', 'all', 'some'] as const, 'any') }
      : undefined,
  (shape) => ({ is: 'nullable', inner: shape }),
  (shape) => (shape.is === 'nullable' ? shape.inner : undefined),
  (shape, _, fresh) => ({ is: 'union', options: [shape, fresh] }),
  (shape, random) => (shape.is === 'default' ? { ...shape, value: random.pick(DEFAULTS, null) } : undefined),
];

/** Edits after which a shape takes what it took. */
const REWORDINGS: readonly Edit[] = [
  (shape) => ({ is: 'union', options: [shape, shape] }),
  (shape) => ({ is: 'union', options: [shape] }),
  (shape) =>
    shape.is === 'enum'
      ? { is: 'union', options: shape.values.map((value) => ({ is: 'enum', values: [value] })) }
      : undefined,
  (shape) => (shape.is === 'enum' ? { ...shape, values: shape.values.toReversed() } : undefined),
  (shape) => (shape.is === 'boolean' ? { is: 'enum', values: [false, true] } : undefined),
  (shape) => (shape.is === 'nullable' ? { is: 'union', options: [{ is: 'null' }, shape.inner] } : undefined),
  (shape) =>
    // Of several defaults the first one counts, and of alternatives that overlap.
    (shape.is === 'union' || shape.is === 'xor') && !JSON.stringify(shape).includes('"is":"default"')
      ? { ...shape, options: shape.options.toReversed() }
      : undefined,
  (shape) =>
    shape.is === 'number' && shape.whole && shape.min !== undefined && shape.above === undefined
      ? { ...shape, min: undefined, above: shape.min - 1 }
      : undefined,
  (shape) =>
    shape.is === 'number' && shape.whole && shape.step === undefined ? { ...shape, step: 1 } : undefined,
  (shape) => (shape.is === 'object' && shape.others === 'open' ? halved(shape.fields) : undefined),
  (shape) => (shape.is === 'both' ? { ...shape, words: !shape.words } : undefined),
];

function halved(fields: Fields): Shape {
  const [first, ...rest] = Object.entries(fields);
  return {
    is: 'both',
    left: Object.fromEntries(first ? [first] : []),
    right: Object.fromEntries(rest),
    words: true,
  };
}

/** Edits a random place of a shape. */
export function editFields(
  root: Fields,
  { random, fresh, rewords }: { readonly random: Random; readonly fresh: Shape; readonly rewords: boolean },
): Fields {
  const edits = rewords ? REWORDINGS : EDITS;
  const visit = (shape: Shape): Shape => {
    if (random.chance(60)) {
      const deeper = editWithin(shape, visit, random);
      if (deeper) return deeper;
    }
    const fitting = edits.flatMap((edit) => edit(shape, random, fresh) ?? []);
    return random.pick(fitting, shape);
  };
  return editSomeField(root, visit, { random, fresh, rewords });
}

/** The same shape with another value for one of its defaults, if it has any. */
export function editDefault(root: Fields, random: Random): Fields {
  const text = JSON.stringify(root);
  let left = random.below(text.split('"is":"default"').length - 1 || 1);
  return JSON.parse(text, (_, value) =>
    value?.is === 'default' && left-- === 0 ? { ...value, value: random.pick(DEFAULTS, null) } : value,
  );
}

type Visit = (shape: Shape) => Shape;

function editSomeField(
  fields: Fields,
  visit: Visit,
  { random, fresh, rewords }: { readonly random: Random; readonly fresh: Shape; readonly rewords: boolean },
): Fields {
  const names = Object.keys(fields);
  const name = random.pick(names, 'a');
  const field: Field = (Object.hasOwn(fields, name) ? fields[name] : undefined) ?? {
    shape: fresh,
    optional: true,
  };
  const { [name]: _, ...others } = fields;
  if (!rewords && random.chance(15)) return { ...fields, [name]: { ...field, optional: !field.optional } };
  if (!rewords && random.chance(15)) return others;
  if (!rewords && random.chance(20))
    return {
      ...fields,
      [random.pick(['a', 'b', 'c', 'd'], 'd')]: { shape: fresh, optional: random.chance(60) },
    };
  return names.length === 0 ? fields : { ...fields, [name]: { ...field, shape: visit(field.shape) } };
}

function editWithin(shape: Shape, visit: Visit, random: Random): Shape | undefined {
  const inFields = (fields: Fields): Fields =>
    editSomeField(fields, visit, { random, fresh: { is: 'null' }, rewords: true });
  const inOne = (all: readonly Shape[]): readonly Shape[] => {
    const at = random.below(all.length);
    return all.map((one, index) => (index === at ? visit(one) : one));
  };
  switch (shape.is) {
    case 'object':
      return { ...shape, fields: inFields(shape.fields) };
    case 'array':
      return { ...shape, item: visit(shape.item) };
    case 'tuple':
      return { ...shape, items: inOne(shape.items) };
    case 'record':
      return { ...shape, value: visit(shape.value) };
    case 'union':
    case 'xor':
      return { ...shape, options: inOne(shape.options) };
    case 'tagged':
      return {
        ...shape,
        options: shape.options.map((fields, index) => (index === 0 ? inFields(fields) : fields)),
      };
    case 'nullable':
    case 'default':
      return { ...shape, inner: visit(shape.inner) };
    case 'both':
      return { ...shape, left: inFields(shape.left) };
    default:
      return undefined;
  }
}
