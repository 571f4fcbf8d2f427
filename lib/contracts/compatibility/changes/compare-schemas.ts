import { Containment } from '../containment/contain.ts';
import { canonicalText } from '../containment/keywords.ts';
import type { Outcome } from '../containment/outcome.ts';
import type { JsonSchema } from '../json-schema.ts';
import { type Change, COMPATIBLE, type Comparison, type Proof, type Side } from './change.ts';
import { compareAlternatives } from './compare-alternatives.ts';
import { compareArrays } from './compare-arrays.ts';
import { compareDefaults } from './compare-defaults.ts';
import { compareKeywords } from './compare-keywords.ts';
import { compareObjects } from './compare-objects.ts';
import { compareValues } from './compare-values.ts';
import { alternativesOf } from './name-alternatives.ts';
import { viewObject } from './object-view.ts';
import { existing, type Pair, resolve } from './place.ts';
import { say } from './say.ts';

/**
 * Finds how data that keeps one schema differs from data that keeps another, and whom that breaks.
 *
 * Whom it breaks is said by the data: is there any that a producer of one schema sends, and the other refuses? A producer is taken to
 * send what its schema names and nothing else, so that a new optional field breaks nobody. What cannot be compared is taken to break.
 * The list of changes says where that comes from.
 */
export function compareSchemas(before: JsonSchema, after: JsonSchema): Comparison {
  const comparer = new Comparer(before, after);
  const root = {
    old: { schema: before, at: '', document: before },
    now: { schema: after, at: '', document: after },
  };
  const changes = comparer.compare(root);
  const placed = changes.map((change) => ({ ...change, pointer: existing(change.pointer, [before, after]) }));
  return { changes: unique(placed), proofs: comparer.prove(root) };
}

interface Compared {
  readonly changes: readonly Change[];
  /** Places around it that it comes back to. */
  readonly cameBack: ReadonlySet<string>;
}

class Comparer {
  readonly #containment: Containment;
  /** What each pair of places has. */
  readonly #compared = new Map<string, Compared>();
  /** The pairs that are being compared, each with those of them that it has come back to: a recursive schema does. */
  readonly #open: { readonly key: string; readonly cameBack: Set<string> }[] = [];

  constructor(before: JsonSchema, after: JsonSchema) {
    this.#containment = new Containment(before, after);
  }

  prove(pair: Pair): readonly Proof[] {
    return [...this.#outcomes(pair)].flatMap(([side, outcome]): readonly Proof[] => {
      if (outcome.status === 'none') return [];
      return [outcome.status === 'found' ? { side, datum: outcome.datum } : { side, why: outcome.why }];
    });
  }

  compare(unresolved: Pair): readonly Change[] {
    const pair = { old: resolve(unresolved.old), now: resolve(unresolved.now) };
    const key = `${pair.old.at} ${pair.now.at}`;
    const isOpen = this.#open.some((one) => one.key === key);
    const compared = isOpen
      ? { changes: [], cameBack: new Set([key]) }
      : (this.#compared.get(key) ?? this.#enter(key, pair));
    for (const one of compared.cameBack) this.#open.at(-1)?.cameBack.add(one);
    // What stands beside a reference belongs to this place, and not to where the reference leads.
    return [...compareDefaults(unresolved), ...compared.changes];
  }

  #enter(key: string, pair: Pair): Compared {
    const cameBack = new Set<string>();
    this.#open.push({ key, cameBack });
    const found = [...this.#differences(pair)];
    this.#open.pop();
    cameBack.delete(key);
    const compared = { changes: this.#blame(pair, found, cameBack.size === 0), cameBack };
    this.#compared.set(key, compared);
    return compared;
  }

  *#differences(pair: Pair): Iterable<Change> {
    const { old, now } = pair;
    const compare = (one: Pair): readonly Change[] => this.compare(one);
    const alternatives = [alternativesOf(old), alternativesOf(now)] as const;
    if (alternatives[0].length + alternatives[1].length > 2 || old.schema.oneOf || now.schema.oneOf) {
      yield* compareAlternatives(pair, alternatives, { compare, containment: this.#containment });
      return;
    }
    yield* compareValues(pair);
    if (haveTypeInCommon(old.schema, now.schema)) yield* compareKeywords(pair);
    const views = [viewObject(old), viewObject(now)] as const;
    if (views[0] && views[1]) yield* compareObjects(pair, [views[0], views[1]], compare);
    if (old.schema.type === 'array' && now.schema.type === 'array') yield* compareArrays(pair, compare);
  }

  /**
   * Holds the changes of a place to what its data shows: nobody is blamed without it, and what it shows is told in any case, unless
   * it is left to the place that this one comes back to.
   */
  #blame(pair: Pair, changes: readonly Change[], isWhole: boolean): readonly Change[] {
    const { old, now } = pair;
    const outcomes = [...this.#outcomes(pair)];
    const broken = outcomes.filter(([, { status }]) => status !== 'none').map(([side]) => side);
    const blamed = changes.map((change) => ({
      ...change,
      breaks: outcomes
        .map(([side]) => side)
        .filter(
          (side) =>
            change.byMeaning?.includes(side) || (change.breaks.includes(side) && broken.includes(side)),
        ),
    }));
    const told = new Set(blamed.flatMap(({ breaks }) => breaks));
    const more = outcomes
      .filter(([side]) => isWhole && broken.includes(side) && !told.has(side))
      .map(([side, outcome]) => ({ pointer: old.at, detail: sayOutcome(side, outcome), breaks: [side] }));
    const isSame = canonicalText(old.schema) === canonicalText(now.schema);
    if (blamed.length + more.length > 0 || isSame || !isWhole) return [...blamed, ...more];
    return [
      { pointer: old.at, detail: 'it is written in another way, and takes the same', breaks: COMPATIBLE },
    ];
  }

  #outcomes({ old, now }: Pair): ReadonlyMap<Side, Outcome> {
    return new Map<Side, Outcome>([
      ['producers', this.#containment.refusedNow(old.schema, now.schema)],
      ['consumers', this.#containment.refusedBefore(old.schema, now.schema)],
    ]);
  }
}

/** The bounds of another type say nothing. */
function haveTypeInCommon({ type: from }: JsonSchema, { type: to }: JsonSchema): boolean {
  const numeric = ['number', 'integer'];
  return (
    from === undefined ||
    to === undefined ||
    from === to ||
    [from, to].every((type) => numeric.includes(String(type)))
  );
}

function sayOutcome(side: Side, outcome: Outcome): string {
  if (outcome.status !== 'found')
    return `it cannot be compared: ${outcome.status === 'unclear' ? outcome.why : ''}`;
  return side === 'producers'
    ? `${say(outcome.datum)} was taken and is refused`
    : `${say(outcome.datum)} was refused and is taken`;
}

/** What is used in several places of a schema is told of once. */
function unique(changes: readonly Change[]): readonly Change[] {
  return [...new Map(changes.map((change) => [JSON.stringify(change), change])).values()];
}
