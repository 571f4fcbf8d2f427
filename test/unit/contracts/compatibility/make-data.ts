import type { Random } from './random.ts';
import { type Fields, NAMES, type Others, PATTERNS, RECORD_NAMES, type Shape } from './shapes.ts';

/** Values that stand for anything, and that break most shapes. */
const ANYTHING = [
  null,
  true,
  false,
  0,
  1,
  2,
  3,
  0.5,
  -1,
  '',
  'a',
  'b',
  'EUR',
  'abc',
  '42',
  'order-1',
  '😀',
  [],
  {},
  [null],
];

/** As deep as a shape that has itself within it goes. */
const DEEPEST = 6;

/**
 * Makes data of a shape, as a producer of it would send it: the fields that it names, and others where it hands them over, or where
 * no schema names them. It may fail to keep bounds: only what the schema takes is to be used.
 */
export function makeData(root: Fields, random: Random): unknown {
  return new DataMaker(root, random).object(root, 'open', 0);
}

/** Whether a value that is missing is filled in. */
function fillsIn(shape: Shape): boolean {
  if (shape.is === 'union' || shape.is === 'xor') return shape.options.some(fillsIn);
  return shape.is === 'default' || (shape.is === 'nullable' && fillsIn(shape.inner));
}

/** What both parts of an intersection may accept: the fields and items of both. */
function merged(a: unknown, b: unknown): unknown {
  if (Array.isArray(a) && Array.isArray(b)) {
    const [long, short] = a.length > b.length ? [a, b] : [b, a];
    return long.map((item, index) => merged(short[index % short.length] ?? item, item));
  }
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b || Array.isArray(a) || Array.isArray(b))
    return b;
  const shared = Object.entries(b).map(([name, value]) => [
    name,
    Object.hasOwn(a, name) ? merged(Object(a)[name], value) : value,
  ]);
  return { ...a, ...Object.fromEntries(shared) };
}

class DataMaker {
  readonly #root: Fields;
  readonly #random: Random;

  constructor(root: Fields, random: Random) {
    this.#root = root;
    this.#random = random;
  }

  object(fields: Fields, others: Others, depth: number): Record<string, unknown> {
    const random = this.#random;
    const own = Object.entries(fields)
      .filter(
        ([, { optional, shape }]) => !(optional || fillsIn(shape)) || random.chance(depth > DEEPEST ? 0 : 50),
      )
      .map(([name, { shape }]) => [name, this.value(shape, depth + 1)] as const);
    return Object.fromEntries([...own, ...this.#others(fields, others)]);
  }

  #others(fields: Fields, others: Others): readonly (readonly [string, unknown])[] {
    const random = this.#random;
    if (others === 'closed' || random.chance(60)) return [];
    if (others === 'open') return [['foreign', random.pick(ANYTHING, null)]];
    const name = random.pick([...NAMES, 'x', 'foreign'], 'x');
    const value =
      others === 'loose'
        ? random.pick(ANYTHING, null)
        : others === 'text'
          ? random.pick(['', 'a'], '')
          : random.below(4);
    return Object.hasOwn(fields, name) ? [] : [[name, value]];
  }

  value(shape: Shape, depth: number): unknown {
    const random = this.#random;
    switch (shape.is) {
      case 'null':
        return null;
      case 'boolean':
        return random.chance(50);
      case 'unknown':
        return random.pick(ANYTHING, null);
      case 'self':
        return depth > DEEPEST ? {} : this.object(this.#root, 'open', depth + 1);
      case 'string':
        return this.#text(shape);
      case 'number':
        return this.#number(shape);
      case 'enum':
        return random.pick(shape.values, null);
      case 'object':
        return this.object(shape.fields, shape.others, depth);
      case 'array':
        return this.#list(shape.item, depth, (shape.min ?? 0) + random.below(depth > DEEPEST ? 1 : 3));
      case 'tuple':
        return [
          ...shape.items.map((item) => this.value(item, depth + 1)),
          ...(shape.rest ? this.#list(shape.rest, depth, random.below(3)) : []),
        ];
      case 'record':
        return this.#record(shape.names, shape.value, depth);
      case 'union':
      case 'xor':
        return this.#alternative(shape.options, depth);
      case 'tagged': {
        const tag = random.below(shape.options.length);
        return { ...this.object(shape.options[tag] ?? {}, 'open', depth), by: `t${tag}` };
      }
      case 'nullable':
        return random.chance(30) ? null : this.value(shape.inner, depth);
      case 'default':
        return this.value(shape.inner, depth);
      case 'both':
        return merged(this.object(shape.left, 'open', depth), this.object(shape.right, 'open', depth));
    }
  }

  /** TypeScript lets an object of a union have fields of the other alternatives. */
  #alternative(options: readonly Shape[], depth: number): unknown {
    const random = this.#random;
    const own = this.value(random.pick(options, { is: 'null' }), depth + 1);
    const other = random.pick(options, { is: 'null' });
    if (
      random.chance(60) ||
      other.is !== 'object' ||
      typeof own !== 'object' ||
      own === null ||
      Array.isArray(own)
    )
      return own;
    return { ...this.object(other.fields, 'closed', depth + 1), ...own };
  }

  /** Within its bounds: else an open object beside it in a union would take it, under a name that nobody sends it by. */
  #text({ min = 0, max = 9, pattern }: Extract<Shape, { is: 'string' }>): string {
    const random = this.#random;
    if (pattern === 'digits' || pattern === 'order') {
      return random.pick([PATTERNS[pattern][1], PATTERNS[pattern][2]], '1').padEnd(min, '1');
    }
    if (pattern !== undefined) return random.pick([PATTERNS[pattern][1], PATTERNS[pattern][2]], 'EUR');
    const texts = ['a'.repeat(min + random.below(3)), 'EUR', 'abc', '42', 'order-1'];
    const more = ['😀'.repeat(random.below(5)), 'x'.repeat(random.below(7))];
    const fitting = [...texts, ...more].filter(
      (text) => [...text].length >= min && [...text].length <= Math.max(min, max),
    );
    return random.pick(fitting, 'a'.repeat(min));
  }

  #number(shape: Extract<Shape, { is: 'number' }>): number {
    const { min = -Infinity, above = -Infinity, max = Infinity } = shape;
    const tries = Array.from({ length: 5 }, () => this.#anyNumber(shape));
    return tries.find((value) => value >= min && value > above && value <= max) ?? tries[0] ?? 0;
  }

  #anyNumber({ min, above, max, step = 1, whole }: Extract<Shape, { is: 'number' }>): number {
    const random = this.#random;
    const start = random.pick(
      [min, above, max, 0].filter((one) => one !== undefined),
      0,
    );
    const value = start + (random.below(7) - 3) * (random.chance(70) ? step : whole ? 1 : 0.25);
    return Number(value.toFixed(2));
  }

  #list(item: Shape, depth: number, length: number): readonly unknown[] {
    return Array.from({ length }, () => this.value(item, depth + 1));
  }

  #record(names: Extract<Shape, { is: 'record' }>['names'], value: Shape, depth: number): unknown {
    const random = this.#random;
    const all =
      names === 'all' || names === 'some'
        ? RECORD_NAMES
        : names === 'any'
          ? ['x', 'long', 'a']
          : ['x', 'z', 'a'];
    const some = all.filter(() => names === 'all' || random.chance(depth > DEEPEST ? 0 : 40));
    return Object.fromEntries(some.map((name) => [name, this.value(value, depth + 1)]));
  }
}
