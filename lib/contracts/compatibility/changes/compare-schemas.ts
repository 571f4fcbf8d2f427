import { Containment } from '../containment/contain.ts';
import { canonicalText } from '../containment/keywords.ts';
import type { Outcome } from '../containment/outcome.ts';
import type { JsonSchema } from '../json-schema.ts';
import { type Change, COMPATIBLE, type Comparison, type Proof, type Side } from './change.ts';
import { compareAlternatives } from './compare-alternatives.ts';
import { compareArrays } from './compare-arrays.ts';
import { compareDefaults, compareIntersections } from './compare-defaults.ts';
import { compareKeywords } from './compare-keywords.ts';
import { compareNames, compareObjects } from './compare-objects.ts';
import { compareValues } from './compare-values.ts';
import { formatValue } from './format-value.ts';
import { viewList } from './list-view.ts';
import { alternativesOf } from './name-alternatives.ts';
import { viewBoth, viewObject } from './object-view.ts';
import { existing, type Pair, resolve } from './schema-location.ts';

/**
 * Finds the differences between two schemas, and whom they break.
 *
 * Data decides whom they break: is there data that a producer of one schema sends and the other schema refuses? A producer is assumed to
 * send only fields that its schema names, so that a new optional field breaks nobody. A difference that cannot be compared counts as
 * breaking. The list of changes says where the differences are.
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
  /** Keys of outer pairs that a recursive schema refers back to. */
  readonly cameBack: ReadonlySet<string>;
}

class Comparer {
  readonly #containment: Containment;
  /** The results for pairs that are compared. */
  readonly #compared = new Map<string, Compared>();
  /** The pairs that are being compared, each with the outer pairs that it refers back to, because the schema is recursive. */
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
    // A default beside a reference belongs to this location, not to the referenced schema.
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
      // An alternative of a union may be gone when another one covers it. An object that becomes a union loses no field for that.
      if (alternatives[0].length === 1) yield* compareNames(pair);
      return;
    }
    yield* compareValues(pair);
    if (haveTypeInCommon(old.schema, now.schema)) yield* compareKeywords(pair);
    const views = viewBoth(pair);
    yield* views ? compareObjects(pair, views, compare) : compareNames(pair);
    const lists = [viewList(old), viewList(now)] as const;
    if (lists[0] && lists[1]) yield* compareArrays({ old: lists[0], now: lists[1] }, compare);
    else if (!(viewObject(old) && viewObject(now))) yield* compareIntersections(pair);
  }

  /**
   * Corrects which sides the changes break, because data decides it. A side that no data breaks is removed. If data breaks a side and no
   * change says so, a change is added, unless an outer pair to which this one refers back will report it.
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
    const reported = new Set(blamed.flatMap(({ breaks }) => breaks));
    const more = outcomes
      .filter(([side]) => isWhole && broken.includes(side) && !reported.has(side))
      .map(([side, outcome]) => ({
        pointer: old.at,
        detail: describeOutcome(side, outcome),
        breaks: [side],
      }));
    const isSame = canonicalText(old.schema) === canonicalText(now.schema);
    if (blamed.length + more.length > 0 || isSame || !isWhole) return [...blamed, ...more];
    return [
      {
        pointer: old.at,
        detail: 'it is written in another way and accepts the same data',
        breaks: COMPATIBLE,
      },
    ];
  }

  #outcomes({ old, now }: Pair): ReadonlyMap<Side, Outcome> {
    return new Map<Side, Outcome>([
      ['producers', this.#containment.refusedNow(old.schema, now.schema)],
      ['consumers', this.#containment.refusedBefore(old.schema, now.schema)],
    ]);
  }
}

/** Whether two schemas can have the same type. If not, a comparison of their bounds has no meaning. */
function haveTypeInCommon({ type: from }: JsonSchema, { type: to }: JsonSchema): boolean {
  const numeric = ['number', 'integer'];
  return (
    from === undefined ||
    to === undefined ||
    from === to ||
    [from, to].every((type) => numeric.includes(String(type)))
  );
}

function describeOutcome(side: Side, outcome: Outcome): string {
  if (outcome.status !== 'found')
    return `it cannot be compared: ${outcome.status === 'unclear' ? outcome.why : ''}`;
  return side === 'producers'
    ? `${formatValue(outcome.datum)} was accepted and is now refused`
    : `${formatValue(outcome.datum)} was refused and is now accepted`;
}

/** Removes repeated changes: a definition that a schema uses several times is reported once. */
function unique(changes: readonly Change[]): readonly Change[] {
  return [...new Map(changes.map((change) => [JSON.stringify(change), change])).values()];
}
