import { fieldOf } from './membership.ts';
import type { Node } from './node.ts';
import { firstFound, found, NONE, type Outcome, unclear } from './outcome.ts';
import type { Search } from './search.ts';
import type { ObjectPart } from './slice.ts';

/** A way in which an object breaks a constraint: a field is absent, or it has a value that `refused` does not accept. */
type Escape =
  | { readonly name: string; readonly absent: true }
  | { readonly name: string; readonly absent: false; readonly refused: readonly Node[] };

/** Finds an object that keeps all parts of `parts`, and breaks at least one part of each of `others`. */
export function findObject(
  solver: Search,
  parts: readonly ObjectPart[],
  others: readonly (readonly ObjectPart[])[],
): Outcome {
  if (others.some((other) => other.length === 0)) return NONE;
  return new ObjectSearch(solver, parts, others).run();
}

class ObjectSearch {
  readonly #solver: Search;
  readonly #parts: readonly ObjectPart[];
  readonly #others: readonly (readonly ObjectPart[])[];
  readonly #required: ReadonlySet<string>;
  readonly #absent = new Set<string>();
  /** Fields of the object, with the schemas that must refuse their values. */
  readonly #present = new Map<string, readonly Node[]>();
  #unclear: Outcome = NONE;
  /** Set when it is not clear whether a name is allowed. */
  #unclearName: Outcome = NONE;

  constructor(solver: Search, parts: readonly ObjectPart[], others: readonly (readonly ObjectPart[])[]) {
    this.#solver = solver;
    this.#parts = parts;
    this.#others = others;
    this.#required = new Set(parts.flatMap(({ required }) => [...required]));
    for (const name of this.#required) this.#present.set(name, []);
  }

  run(): Outcome {
    const required = [...this.#required].map((name) => this.#outcomeOf(name, []));
    if (required.includes('none')) return NONE;
    const names = this.#namesToTry();
    const escapes: Escape[][] = [];
    for (const other of this.#others) {
      const ways = names.flatMap((name) => this.#escapesOf(other, name));
      // This one of `others` accepts every object of this kind, even if some values are unclear.
      if (ways.length === 0) return this.#unclearName;
      escapes.push(ways.filter((way) => way.absent || this.#outcomeOf(way.name, way.refused) === 'found'));
    }
    // Those with the fewest ways come first, because they limit the others most.
    const ordered = escapes.toSorted((a, b) => a.length - b.length);
    if (required.includes('unclear') || !this.#search(ordered, 0))
      return firstFound([this.#unclear, this.#unclearName]);
    const fields = [...this.#present].map(([name, refused]) => {
      const value = this.#solver.find(this.#wanted(name) ?? [], refused);
      return [name, value.status === 'found' ? value.datum : null] as const;
    });
    return found(Object.fromEntries(fields));
  }

  /** All names that a schema has, and some that no schema has. */
  #namesToTry(): readonly string[] {
    const all = [...this.#parts, ...this.#others.flat()];
    const known = new Set(all.flatMap(({ fields, required }) => [...fields.keys(), ...required]));
    const names = this.#parts.flatMap((part) => part.names);
    const listed = names.flatMap((node) =>
      this.#solver.expander.expand(node).flatMap(({ values = [] }) => values),
    );
    for (const name of listed) if (typeof name === 'string') known.add(name);
    const more = [...this.#solver.foreignNames, ...this.#freshNames(names, known)];
    return [...new Set([...known, ...more.filter((name) => this.#wanted(name))])];
  }

  #freshNames(names: readonly Node[], known: ReadonlySet<string>): readonly string[] {
    const rivals = this.#others.flatMap((other) => other.flatMap((part) => part.names));
    const text = this.#solver.nodes.node({ type: 'string' }, {}, 'accepted');
    const made = [[], ...rivals.map((rival) => [rival])].map((refused) =>
      this.#solver.find([text, ...names], refused),
    );
    for (const outcome of made) if (outcome.status === 'unclear') this.#unclearName = outcome;
    const [plain, ...revealing] = made.map((outcome) =>
      outcome.status === 'found' ? [String(outcome.datum)] : [],
    );
    const candidates = [
      // The empty name is only used when the search found it, because it can be the only name that a rival refuses.
      ...revealing.flat(),
      ...(plain ?? []).filter((name) => name !== ''),
      ...['other', 'x', 'a', 'b', 'c', 'd', 'other-2', 'other-3', '0', '1', '2', 'A', 'B', 'C'],
    ].filter((name) => !known.has(name) && this.#isNameAccepted(names, name));
    return [...new Set(candidates)].slice(0, this.#others.length + rivals.length + 1);
  }

  #isNameAccepted(names: readonly Node[], name: string): boolean {
    const answers = names.map((node) => this.#solver.membership.accepts(node, name));
    if (answers.includes(undefined)) this.#noteUnclearName(name);
    return answers.every((answer) => answer === true);
  }

  #noteUnclearName(name: string): void {
    this.#unclearName = unclear(`whether a field may be named ${JSON.stringify(name)}`);
  }

  #wanted(name: string): readonly Node[] | undefined {
    const nodes: Node[] = [];
    for (const part of this.#parts) {
      const isForeign = part.others === 'open' && this.#solver.foreignNames.includes(name);
      const field = isForeign ? [] : fieldOf(part, name);
      if (!field || !this.#isNameAccepted(part.names, name)) return undefined;
      nodes.push(...field);
    }
    return nodes;
  }

  #outcomeOf(name: string, refused: readonly Node[]): Outcome['status'] {
    const wanted = this.#wanted(name);
    if (!wanted) return 'none';
    const outcome = this.#solver.find(wanted, refused);
    if (outcome.status === 'unclear') this.#unclear = outcome;
    return outcome.status;
  }

  #escapesOf(other: readonly ObjectPart[], name: string): readonly Escape[] {
    return other.flatMap((part): readonly Escape[] => {
      const absent =
        part.required.has(name) && !this.#required.has(name) ? [{ name, absent: true } as const] : [];
      const nodes = this.#isNameRefused(part, name) ? undefined : fieldOf(part, name);
      const refusals = nodes ? nodes.map((node) => [node]) : [[]];
      return [
        ...absent,
        ...refusals
          .filter((refused) => this.#outcomeOf(name, refused) !== 'none')
          .map((refused) => ({ name, absent: false, refused }) as const),
      ];
    });
  }

  #isNameRefused({ names }: ObjectPart, name: string): boolean {
    const answers = names.map((node) => this.#solver.membership.accepts(node, name));
    if (answers.includes(undefined)) this.#noteUnclearName(name);
    return answers.includes(false);
  }

  #search(escapes: readonly (readonly Escape[])[], next: number): boolean {
    const ways = escapes[next];
    if (!ways) return true;
    if (this.#solver.isSpent()) {
      this.#unclear = unclear('the schemas, because they have too many branches');
      return false;
    }
    return ways.some((way) => this.#tryWay(way, () => this.#search(escapes, next + 1)));
  }

  #tryWay(way: Escape, searchRest: () => boolean): boolean {
    const { name } = way;
    const before = this.#present.get(name);
    if (way.absent) {
      if (before) return false;
      const wasAbsent = this.#absent.has(name);
      this.#absent.add(name);
      if (searchRest()) return true;
      if (!wasAbsent) this.#absent.delete(name);
      return false;
    }
    const refused = [...(before ?? []), ...way.refused];
    if (this.#absent.has(name) || this.#outcomeOf(name, refused) !== 'found') return false;
    this.#present.set(name, refused);
    if (searchRest()) return true;
    if (before) this.#present.set(name, before);
    else this.#present.delete(name);
    return false;
  }
}
