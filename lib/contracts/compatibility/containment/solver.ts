import { conjoin, conjoinAll } from './conjoin.ts';
import { Expander } from './expand.ts';
import { findList } from './find-list.ts';
import { findNumber } from './find-number.ts';
import { findObject } from './find-object.ts';
import { Membership } from './membership.ts';
import type { Node, Nodes } from './node.ts';
import { firstFound, found, NONE, type Outcome, unclear } from './outcome.ts';
import type { Search } from './search.ts';
import { areToldApart } from './siblings.ts';
import { pointsOf, textsOf } from './single-values.ts';
import { KINDS, type Slice, wholeSlice } from './slice.ts';
import { findText } from './text/find-text.ts';

/** Maximum steps of one comparison. After that, its outcome is unclear. */
const MAX_STEPS = 100_000;

/**
 * Finds data that some schemas accept and others refuse.
 *
 * If the same question comes up while it is being answered, its answer there is "none": the smallest datum does not contain another datum
 * that answers the same question. So the search ends for recursive schemas too. Answers are cached. A "none" is cached only while the
 * question that it depends on has the answer "none" too.
 */
export class Solver implements Search {
  readonly nodes: Nodes;
  readonly expander: Expander;
  readonly membership: Membership;
  readonly #answers = new Map<string, Outcome>();
  /** Questions with the answer "none", in the order of the answers. */
  readonly #denied: string[] = [];
  /** Names that neither document has. A producer may send such a field when the object is open. */
  readonly foreignNames: readonly string[];
  #steps = 0;

  constructor(nodes: Nodes, documents: readonly object[]) {
    this.nodes = nodes;
    this.foreignNames = foreignNames(JSON.stringify(documents));
    this.expander = new Expander(nodes);
    this.membership = new Membership(this.expander);
  }

  /** Finds data that all schemas of `accepted` accept and all schemas of `refused` refuse. */
  find(accepted: readonly Node[], refused: readonly Node[]): Outcome {
    if (refused.some(({ content }) => content === '{}')) return NONE;
    // A schema never refuses the data that it accepts itself.
    if (accepted.some((one) => refused.some(({ content }) => content === one.content))) return NONE;
    const key = `${idsOf(accepted)}|${idsOf(refused)}`;
    const known = this.#answers.get(key);
    if (known) return known;
    if (this.isSpent()) return unclear('the schemas, because they have too many branches');
    return this.#answer(key, () => this.#search(accepted, refused));
  }

  /** Counts a step, and returns whether the limit of steps is exceeded. */
  isSpent(): boolean {
    this.#steps += 1;
    return this.#steps > MAX_STEPS;
  }

  #answer(key: string, search: () => Outcome): Outcome {
    const before = this.#denied.length;
    this.#answers.set(key, NONE);
    this.#denied.push(key);
    const outcome = search();
    if (outcome.status !== 'none') {
      for (const denied of this.#denied.splice(before)) this.#answers.delete(denied);
    }
    // A found datum stays valid. An unclear outcome is cached too, because it never counts as "none".
    if (outcome.status !== 'none') this.#answers.set(key, outcome);
    return outcome;
  }

  #search(accepted: readonly Node[], refused: readonly Node[]): Outcome {
    const slices = accepted
      .map((node) => this.expander.expand(node))
      .reduce((all, more) => conjoinAll(all, more, conjoin), KINDS.map(wholeSlice));
    return firstFound(lazily(slices, (slice) => this.#searchSlice(slice, refused)));
  }

  #searchSlice(slice: Slice, refused: readonly Node[]): Outcome {
    return this.#searchBeside(slice, this.#slicesOf([...refused, ...slice.not], slice));
  }

  #slicesOf(nodes: readonly Node[], { kind }: Slice): readonly Slice[] {
    const slices = nodes.flatMap((node) => this.expander.expand(node).filter((one) => one.kind === kind));
    return [...new Map(slices.map((one) => [one.id, one])).values()];
  }

  /** Searches for data outside of all other slices. Outside of a slice with exceptions means: outside of the whole slice, or in an exception. */
  #searchBeside(slice: Slice, all: readonly Slice[]): Outcome {
    if (this.isSpent()) return unclear('the schemas, because they have too many branches');
    const others = all.filter((other) => !areToldApart(slice, other));
    if (others.some(({ id }) => slice.within.includes(id))) return NONE;
    const excepting = others.find(({ not }) => not.length > 0);
    if (!excepting) return this.#searchKind(slice, others);
    const rest = others.filter((other) => other !== excepting);
    const outside = this.#searchBeside(slice, [...rest, { ...excepting, not: [] }]);
    if (outside.status === 'found') return outside;
    const exceptions = excepting.not.flatMap((node) => this.#slicesOf([node], slice));
    const within = exceptions.flatMap((exception) => conjoin(slice, exception) ?? []);
    const inside = firstFound(
      lazily(within, (both) =>
        this.#searchBeside(both, [...rest, ...this.#slicesOf(both.not.slice(slice.not.length), both)]),
      ),
    );
    return firstFound([inside, outside]);
  }

  /** Searches with opaque keywords: an opaque constraint covers only slices with the same constraint, and no datum is certain to keep it. */
  #searchKind(slice: Slice, others: readonly Slice[]): Outcome {
    const covering = others.filter(({ opaque }) => opaque.every((one) => slice.opaque.includes(one)));
    const outcome = this.#searchPlain(slice, covering);
    const isPlain = slice.opaque.length === 0 && covering.length === others.length;
    if (outcome.status === 'none' || isPlain) return outcome;
    const beside = covering.length < others.length ? this.#searchPlain(slice, others) : outcome;
    return beside.status === 'found' && slice.opaque.length === 0
      ? beside
      : unclear([...new Set([slice, ...others].flatMap(({ opaque }) => opaque))].join(', '));
  }

  #searchPlain(slice: Slice, others: readonly Slice[]): Outcome {
    const plain = others.map((other) => ({ ...other, opaque: [] }));
    return slice.values
      ? this.#searchValues({ ...slice, opaque: [], not: [] }, slice.values, plain)
      : this.#searchUnlisted(slice, plain);
  }

  #searchValues(slice: Slice, values: readonly unknown[], others: readonly Slice[]): Outcome {
    return firstFound(
      lazily(values, (value) => {
        const answers = others.map((other) => this.membership.isIn(other, value));
        const isIn = this.membership.isIn(slice, value);
        if (isIn === false || answers.includes(true)) return NONE;
        return isIn === undefined || answers.includes(undefined)
          ? unclear(`whether ${JSON.stringify(value)} is accepted`)
          : found(value);
      }),
    );
  }

  #searchUnlisted(slice: Slice, all: readonly Slice[]): Outcome {
    // Single values cannot cover an infinite set of texts, lists or objects. A set of numbers can be finite.
    const others = all.filter(({ values }) => !values);
    const apart = all.flatMap(({ values = [] }) => values);
    const isApart = (outcome: Outcome): boolean =>
      outcome.status !== 'found' ||
      !all.some((one) => one.values && this.membership.isIn(one, outcome.datum) !== false);
    const outcome = this.#searchRanges(slice, others, apart);
    return isApart(outcome) ? outcome : unclear('single values and ranges');
  }

  #searchRanges(slice: Slice, others: readonly Slice[], apart: readonly unknown[]): Outcome {
    switch (slice.kind) {
      case 'number':
        return findNumber(slice.number, [...others.map(({ number }) => number), ...pointsOf(apart)]);
      case 'string':
        return findText(slice.text, [...others.map(({ text }) => text), ...textsOf(apart)]);
      case 'array':
        return findList(
          this,
          slice.lists,
          others.map(({ lists }) => lists),
        );
      case 'object':
        return findObject(
          this,
          slice.objects,
          others.map(({ objects }) => objects),
        );
      case 'null':
      case 'boolean':
        return NONE;
      default:
        return slice.kind satisfies never;
    }
  }
}

function foreignNames(text: string): readonly string[] {
  const names = ['other', ...Array.from({ length: 100 }, (_, index) => `other${index + 2}`)];
  return names.filter((name) => !text.includes(`"${name}"`)).slice(0, 4);
}

function idsOf(nodes: readonly Node[]): string {
  return [...new Set(nodes.map(({ id }) => id))].toSorted((a, b) => a - b).join(',');
}

function* lazily<Item>(items: Iterable<Item>, search: (item: Item) => Outcome): Iterable<Outcome> {
  for (const item of items) yield search(item);
}
