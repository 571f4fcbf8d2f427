import { isDeepStrictEqual } from 'node:util';
import type { Containment } from '../containment/contain.ts';
import { type Change, COMPATIBLE, NARROWED, WIDENED } from './change.ts';
import type { Compare } from './compare-arrays.ts';
import { compareDefaultsWithin, defaultsWithin } from './compare-defaults.ts';
import { compareLists, valuesOf } from './compare-values.ts';
import { type Matches, matchAlternatives } from './match-alternatives.ts';
import type { Alternative } from './name-alternatives.ts';
import { type Pair, pointerTo } from './schema-location.ts';

interface Tools {
  readonly compare: Compare;
  readonly containment: Containment;
}

/**
 * Compares unions. It compares the alternatives that match. Of the others, data of an old alternative must still be accepted, and data of
 * a new alternative must have been accepted before.
 */
export function* compareAlternatives(
  pair: Pair,
  [before, after]: readonly [readonly Alternative[], readonly Alternative[]],
  { compare, containment }: Tools,
): Iterable<Change> {
  yield* compareExclusive(pair);
  const lists = [before, after].map((all) => listOf(all));
  if (lists[0] && lists[1]) return yield* compareLists(lists[0], lists[1], pointerOfValues(pair));
  const matches = matchAlternatives(before, after);
  if (matches.gone.length + matches.added.length > 0) yield* compareDefaultsWithin(pair, [before, after]);
  for (const [old, now] of matches.pairs) {
    const changes = compare({ old: old.location, now: now.location });
    const name = old.tag === undefined ? '' : `alternative ${old.name}: `;
    yield* changes.map((change) => ({ ...change, detail: `${name}${change.detail}` }));
  }
  for (const old of matches.gone) {
    const isAccepted = containment.refusedNow(old.location.schema, pair.now.schema).status === 'none';
    const detail = isAccepted
      ? `the alternative ${old.name} is gone; another one accepts its data`
      : `the alternative ${old.name} is no longer accepted`;
    yield { pointer: old.location.at, detail, breaks: isAccepted ? COMPATIBLE : NARROWED };
  }
  for (const now of matches.added) {
    const wasAccepted = containment.refusedBefore(pair.old.schema, now.location.schema).status === 'none';
    const detail = `the alternative ${now.name} is new${wasAccepted ? '; another one accepted its data before' : ''}`;
    yield { pointer: now.location.at, detail, breaks: wasAccepted ? COMPATIBLE : WIDENED };
  }
  yield* compareOrder(matches, containment);
}

/** If two alternatives accept a value, `anyOf` accepts it and `oneOf` refuses it. */
function* compareExclusive(pair: Pair): Iterable<Change> {
  const [before, after] = [pair.old.schema, pair.now.schema];
  if (before.anyOf && after.oneOf) {
    const detail = 'data of several alternatives was accepted and is now refused';
    yield { pointer: `${pair.now.at}/oneOf`, detail, breaks: NARROWED };
  }
  if (before.oneOf && after.anyOf) {
    const detail = 'data of several alternatives was refused and is now accepted';
    yield { pointer: `${pair.now.at}/anyOf`, detail, breaks: WIDENED };
  }
}

/** zod reads data with the first alternative that accepts it. If two accept the same data, their order decides what a handler gets. */
function* compareOrder({ pairs }: Matches, containment: Containment): Iterable<Change> {
  for (const [index, [old, first]] of pairs.entries()) {
    const swapped = pairs.slice(index + 1).find(([, second]) => second.index < first.index);
    const second = swapped?.[1];
    if (!second || isPlain(first) || isPlain(second)) continue;
    if (containment.overlap(first.location.schema, second.location.schema).status === 'none') continue;
    const detail = `the alternatives ${first.name} and ${second.name} have changed their order: data that both accept is now read by the other one`;
    const isSame = isDeepStrictEqual(defaultsWithin([first]), defaultsWithin([second]));
    const breaks = isSame ? COMPATIBLE : WIDENED;
    yield { pointer: old.location.at, detail, breaks, byMeaning: breaks };
  }
}

/** Whether all values of an alternative are simple. A simple value is the same for a handler, whichever alternative accepts it. */
function isPlain({ location: { schema } }: Alternative): boolean {
  return valuesOf(schema) !== undefined || ['string', 'number', 'integer'].includes(String(schema.type));
}

function listOf(alternatives: readonly Alternative[]): readonly unknown[] | undefined {
  const lists = alternatives.map(({ location }) => valuesOf(location.schema));
  return lists.every((list) => list !== undefined) ? lists.flat() : undefined;
}

function pointerOfValues(pair: Pair): string {
  const keyword = ['enum', 'const', 'anyOf', 'oneOf'].find((one) => Object.hasOwn(pair.old.schema, one));
  return keyword === undefined ? pair.old.at : pointerTo(pair, keyword);
}
