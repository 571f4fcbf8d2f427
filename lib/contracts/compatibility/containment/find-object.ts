import { fieldOf } from './membership.ts';
import type { Node } from './node.ts';
import { firstFound, found, NONE, type Outcome, unclear } from './outcome.ts';
import type { ObjectPart } from './slice.ts';
import type { Solver } from './solver.ts';

/** A way in which an object is not as another one wants it: a field is not there, or it is there with a value that is refused. */
type Escape =
  | { readonly name: string; readonly absent: true }
  | { readonly name: string; readonly absent: false; readonly refused: readonly Node[] };

/** Finds an object that keeps all of the parts, and for each of the others not all of its parts. */
export function findObject(
  solver: Solver,
  parts: readonly ObjectPart[],
  others: readonly (readonly ObjectPart[])[],
): Outcome {
  if (others.some((other) => other.length === 0)) return NONE;
  return new ObjectSearch(solver, parts, others).run();
}

class ObjectSearch {
  readonly #solver: Solver;
  readonly #parts: readonly ObjectPart[];
  readonly #others: readonly (readonly ObjectPart[])[];
  readonly #required: ReadonlySet<string>;
  readonly #absent = new Set<string>();
  /** Fields that are there, and what they may not be. */
  readonly #present = new Map<string, readonly Node[]>();
  #doubt: Outcome = NONE;
  /** That a field may have some name, or be refused for it, could not be said. */
  #nameDoubt: Outcome = NONE;

  constructor(solver: Solver, parts: readonly ObjectPart[], others: readonly (readonly ObjectPart[])[]) {
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
      // It takes every object of this kind, whatever may be unclear about the values.
      if (ways.length === 0) return this.#nameDoubt;
      escapes.push(ways.filter((way) => way.absent || this.#outcomeOf(way.name, way.refused) === 'found'));
    }
    // Those that leave fewest ways come first: they decide about the others.
    const ordered = escapes.toSorted((a, b) => a.length - b.length);
    if (required.includes('unclear') || !this.#search(ordered, 0))
      return firstFound([this.#doubt, this.#nameDoubt]);
    const fields = [...this.#present].map(([name, refused]) => {
      const value = this.#solver.find(this.#wanted(name) ?? [], refused);
      return [name, value.status === 'found' ? value.datum : null] as const;
    });
    return found(Object.fromEntries(fields));
  }

  /** All names that a schema says, and some that none does. */
  #namesToTry(): readonly string[] {
    const all = [...this.#parts, ...this.#others.flat()];
    const said = new Set(all.flatMap(({ fields, required }) => [...fields.keys(), ...required]));
    const names = this.#parts.flatMap((part) => part.names);
    const listed = names.flatMap((node) =>
      this.#solver.expander.expand(node).flatMap(({ values = [] }) => values),
    );
    for (const name of listed) if (typeof name === 'string') said.add(name);
    const more = [...this.#solver.foreignNames, ...this.#freshNames(names, said)];
    return [...new Set([...said, ...more.filter((name) => this.#wanted(name))])];
  }

  #freshNames(names: readonly Node[], said: ReadonlySet<string>): readonly string[] {
    const rivals = this.#others.flatMap((other) => other.flatMap((part) => part.names));
    const text = this.#solver.nodes.node({ type: 'string' }, {}, 'taken');
    const made = [[], ...rivals.map((rival) => [rival])].map((refused) =>
      this.#solver.find([text, ...names], refused),
    );
    for (const outcome of made) if (outcome.status === 'unclear') this.#nameDoubt = outcome;
    const [plain, ...telling] = made.map((outcome) =>
      outcome.status === 'found' ? [String(outcome.datum)] : [],
    );
    const candidates = [
      // An empty name is no plain one, and it can be the only one that a rival refuses.
      ...telling.flat(),
      ...(plain ?? []).filter((name) => name !== ''),
      ...['other', 'x', 'a', 'b', 'c', 'd', 'other-2', 'other-3', '0', '1', '2', 'A', 'B', 'C'],
    ].filter((name) => !said.has(name) && this.#isNameTaken(names, name));
    return [...new Set(candidates)].slice(0, this.#others.length + rivals.length + 1);
  }

  #isNameTaken(names: readonly Node[], name: string): boolean {
    const answers = names.map((node) => this.#solver.membership.takes(node, name));
    if (answers.includes(undefined)) this.#noteName(name);
    return answers.every((answer) => answer === true);
  }

  #noteName(name: string): void {
    this.#nameDoubt = unclear(`whether a field may be named ${JSON.stringify(name)}`);
  }

  #wanted(name: string): readonly Node[] | undefined {
    const nodes: Node[] = [];
    for (const part of this.#parts) {
      const isForeign = part.others === 'open' && this.#solver.foreignNames.includes(name);
      const field = isForeign ? [] : fieldOf(part, name);
      if (!field || !this.#isNameTaken(part.names, name)) return undefined;
      nodes.push(...field);
    }
    return nodes;
  }

  #outcomeOf(name: string, refused: readonly Node[]): Outcome['status'] {
    const wanted = this.#wanted(name);
    if (!wanted) return 'none';
    const outcome = this.#solver.find(wanted, refused);
    if (outcome.status === 'unclear') this.#doubt = outcome;
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
    const answers = names.map((node) => this.#solver.membership.takes(node, name));
    if (answers.includes(undefined)) this.#noteName(name);
    return answers.includes(false);
  }

  #search(escapes: readonly (readonly Escape[])[], next: number): boolean {
    const ways = escapes[next];
    if (!ways) return true;
    if (this.#solver.isSpent()) {
      this.#doubt = unclear('the schemas, for they branch too often');
      return false;
    }
    return ways.some((way) => this.#tryWay(way, () => this.#search(escapes, next + 1)));
  }

  #tryWay(way: Escape, goOn: () => boolean): boolean {
    const { name } = way;
    const before = this.#present.get(name);
    if (way.absent) {
      if (before) return false;
      const wasAbsent = this.#absent.has(name);
      this.#absent.add(name);
      if (goOn()) return true;
      if (!wasAbsent) this.#absent.delete(name);
      return false;
    }
    const refused = [...(before ?? []), ...way.refused];
    if (this.#absent.has(name) || this.#outcomeOf(name, refused) !== 'found') return false;
    this.#present.set(name, refused);
    if (goOn()) return true;
    if (before) this.#present.set(name, before);
    else this.#present.delete(name);
    return false;
  }
}
