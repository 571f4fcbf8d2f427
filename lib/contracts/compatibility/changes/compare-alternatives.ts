import { isDeepStrictEqual } from 'node:util';
import type { Containment } from '../containment/contain.ts';
import { type Change, COMPATIBLE, NARROWED, WIDENED } from './change.ts';
import type { Compare } from './compare-arrays.ts';
import { compareDefaultsWithin, defaultsWithin } from './compare-defaults.ts';
import { compareLists, valuesOf } from './compare-values.ts';
import { type Matches, matchAlternatives } from './match-alternatives.ts';
import type { Alternative } from './name-alternatives.ts';
import { type Pair, pointerTo } from './place.ts';

interface Tools {
  readonly compare: Compare;
  readonly containment: Containment;
}

/**
 * Compares unions. Alternatives that became each other are compared; of the rest, every old one has to be taken still, and every new
 * one has to have been taken before.
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
    const changes = compare({ old: old.place, now: now.place });
    const name = old.tag === undefined ? '' : `alternative ${old.name}: `;
    yield* changes.map((change) => ({ ...change, detail: `${name}${change.detail}` }));
  }
  for (const old of matches.gone) {
    const isTaken = containment.refusedNow(old.place.schema, pair.now.schema).status === 'none';
    const detail = isTaken
      ? `the alternative ${old.name} is gone; what it took is read by another one`
      : `the alternative ${old.name} is taken no more`;
    yield { pointer: old.place.at, detail, breaks: isTaken ? COMPATIBLE : NARROWED };
  }
  for (const now of matches.added) {
    const wasTaken = containment.refusedBefore(pair.old.schema, now.place.schema).status === 'none';
    const detail = `the alternative ${now.name} is new${wasTaken ? '; another one took the same' : ''}`;
    yield { pointer: now.place.at, detail, breaks: wasTaken ? COMPATIBLE : WIDENED };
  }
  yield* compareOrder(matches, containment);
}

/** A value that two alternatives take is taken by `anyOf`, and refused by `oneOf`. */
function* compareExclusive(pair: Pair): Iterable<Change> {
  const [before, after] = [pair.old.schema, pair.now.schema];
  if (before.anyOf && after.oneOf) {
    const detail = 'what several alternatives take was taken and is refused';
    yield { pointer: `${pair.now.at}/oneOf`, detail, breaks: NARROWED };
  }
  if (before.oneOf && after.anyOf) {
    const detail = 'what several alternatives take was refused and is taken';
    yield { pointer: `${pair.now.at}/anyOf`, detail, breaks: WIDENED };
  }
}

/** zod reads data by the first alternative that takes it: if two take the same, what a handler gets depends on their order. */
function* compareOrder({ pairs }: Matches, containment: Containment): Iterable<Change> {
  for (const [index, [old, first]] of pairs.entries()) {
    const swapped = pairs.slice(index + 1).find(([, second]) => second.index < first.index);
    const second = swapped?.[1];
    if (!second || isPlain(first) || isPlain(second)) continue;
    if (containment.overlap(first.place.schema, second.place.schema).status === 'none') continue;
    const detail = `the alternatives ${first.name} and ${second.name} have changed places: data that both take is read by the other one`;
    const isSame = isDeepStrictEqual(defaultsWithin([first]), defaultsWithin([second]));
    const breaks = isSame ? COMPATIBLE : WIDENED;
    yield { pointer: old.place.at, detail, breaks, byMeaning: breaks };
  }
}

/** Values without parts are handed over as they are, whichever alternative takes them. */
function isPlain({ place: { schema } }: Alternative): boolean {
  return valuesOf(schema) !== undefined || ['string', 'number', 'integer'].includes(String(schema.type));
}

function listOf(alternatives: readonly Alternative[]): readonly unknown[] | undefined {
  const lists = alternatives.map(({ place }) => valuesOf(place.schema));
  return lists.every((list) => list !== undefined) ? lists.flat() : undefined;
}

function pointerOfValues(pair: Pair): string {
  const keyword = ['enum', 'const', 'anyOf', 'oneOf'].find((one) => Object.hasOwn(pair.old.schema, one));
  return keyword === undefined ? pair.old.at : pointerTo(pair, keyword);
}
