import { isDeepStrictEqual } from 'node:util';
import type { Expander } from './expand.ts';
import type { Node } from './node.ts';
import { kindOf, type ListPart, type NumberRange, type ObjectPart, type Slice } from './slice.ts';
import { isMultiple } from './steps.ts';
import { textLength } from './text/text-length.ts';

/** Yes, no, or undefined when it is unclear. */
export type Answer = boolean | undefined;

/** Decides whether schemas accept single values. */
export class Membership {
  readonly #expander: Expander;

  constructor(expander: Expander) {
    this.#expander = expander;
  }

  accepts(node: Node, value: unknown): Answer {
    const kind = kindOf(value);
    return any(this.#expander.expand(node), (slice) =>
      slice.kind === kind ? this.isIn(slice, value) : false,
    );
  }

  isIn(slice: Slice, value: unknown): Answer {
    const { values, lists, objects, not, opaque } = slice;
    if (values && !values.some((one) => isDeepStrictEqual(one, value))) return false;
    const own = opaque.length > 0 ? undefined : this.#keepsKind(slice, value);
    const answers = [own, ...lists.map((part) => this.#keepsList(part, value))];
    const all = [...answers, ...objects.map((part) => this.#keepsObject(part, value))];
    if (all.includes(false)) return false;
    const others = not.map((node) => this.accepts(node, value));
    if (others.includes(true)) return false;
    return [...all, ...others].includes(undefined) ? undefined : true;
  }

  #keepsKind({ number, text }: Slice, value: unknown): Answer {
    if (typeof value === 'number') return isInRange(number, value);
    if (typeof value !== 'string') return true;
    const length = textLength(value);
    if (length < text.min || length > text.max) return false;
    return all(text.tests, ({ passes }) => passes(value));
  }

  #keepsList({ prefix, rest, min, max }: ListPart, value: unknown): Answer {
    if (!Array.isArray(value) || value.length < min || value.length > max) return false;
    return all(value.entries(), ([index, item]) => this.accepts(prefix[index] ?? rest, item));
  }

  #keepsObject(part: ObjectPart, value: unknown): Answer {
    const fields = Object.entries(Object(value));
    const present = new Set(fields.map(([name]) => name));
    if ([...part.required].some((name) => !present.has(name))) return false;
    return all(fields, ([name, field]) => {
      const nodes = fieldOf(part, name);
      if (!nodes) return false;
      return and(
        all(part.names, (node) => this.accepts(node, name)),
        all(nodes, (node) => this.accepts(node, field)),
      );
    });
  }
}

/** The schemas of a field; undefined when the object may not have the field. `names` may still refuse its name. */
export function fieldOf({ fields, others, reading }: ObjectPart, name: string): readonly Node[] | undefined {
  const nodes = fields.get(name);
  if (nodes) return nodes;
  if (others === 'open') return reading === 'accepted' ? [] : undefined;
  return others === 'closed' ? undefined : others;
}

export function isInRange(
  { min, max, minExcluded, maxExcluded, steps }: NumberRange,
  value: number,
): boolean {
  const isAbove = minExcluded ? value > min : value >= min;
  const isBelow = maxExcluded ? value < max : value <= max;
  return isAbove && isBelow && steps.every((step) => isMultiple(value, step));
}

function any<Item>(items: Iterable<Item>, ask: (item: Item) => Answer): Answer {
  let result: Answer = false;
  for (const item of items) {
    const answer = ask(item);
    if (answer) return true;
    if (answer === undefined) result = undefined;
  }
  return result;
}

function all<Item>(items: Iterable<Item>, ask: (item: Item) => Answer): Answer {
  let result: Answer = true;
  for (const item of items) {
    const answer = ask(item);
    if (answer === false) return false;
    if (answer === undefined) result = undefined;
  }
  return result;
}

function and(a: Answer, b: Answer): Answer {
  if (a === false || b === false) return false;
  return a === undefined || b === undefined ? undefined : true;
}
