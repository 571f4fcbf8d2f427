import { isDeepStrictEqual } from 'node:util';
import { OPAQUE } from '../containment/keywords.ts';
import { isPatternOnly } from '../containment/text/text-tests.ts';
import type { JsonSchema } from '../json-schema.ts';
import { CHANGED, type Change, NARROWED, type Side, WIDENED } from './change.ts';
import { type Pair, pointerTo } from './place.ts';
import { say } from './say.ts';

const LOWER_BOUNDS = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems'];
const UPPER_BOUNDS = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems'];
const COMPARED = [
  ...LOWER_BOUNDS,
  ...UPPER_BOUNDS,
  'multipleOf',
  'pattern',
  'format',
  'x-unicode',
  ...OPAQUE,
];

/** The lengths of a tuple are told of by its items. */
const OF_TUPLES = ['minItems', 'maxItems'];

/** Compares what narrows single values: bounds, patterns, formats and whatever else is not a schema. */
export function* compareKeywords(pair: Pair): Iterable<Change> {
  const [before, after] = [pair.old.schema, pair.now.schema];
  const isTuple = before.prefixItems?.length !== after.prefixItems?.length;
  for (const keyword of COMPARED.filter((one) => !isTuple || !OF_TUPLES.includes(one))) {
    const [from, to] = [before[keyword], after[keyword]];
    if (isDeepStrictEqual(from, to)) continue;
    const detail = sayDifference(keyword, from, to);
    yield { pointer: pointerTo(pair, keyword), detail, breaks: effectOf(keyword, from, to) };
  }
  yield* comparePatterns(pair);
}

/** Several patterns or steps of one value stand in an `allOf`. */
function* comparePatterns(pair: Pair): Iterable<Change> {
  const [old, now] = [manyOf(pair.old.schema), manyOf(pair.now.schema)];
  const pointer = pointerTo(pair, 'allOf');
  for (const one of old.filter((text) => !now.includes(text))) {
    yield { pointer, detail: `${one} is gone`, breaks: CHANGED };
  }
  for (const one of now.filter((text) => !old.includes(text))) {
    yield { pointer, detail: `${one} is new`, breaks: CHANGED };
  }
}

function manyOf({ allOf = [] }: JsonSchema): readonly string[] {
  return allOf.flatMap((member) => {
    if (isPatternOnly(member)) return [`the pattern ${say(member.pattern)}`];
    return Object.keys(member).join() === 'multipleOf' ? [`multipleOf ${say(member.multipleOf)}`] : [];
  });
}

function sayDifference(keyword: string, from: unknown, to: unknown): string {
  if (from === undefined) return `${keyword} ${say(to)} is new`;
  return to === undefined
    ? `${keyword} ${say(from)} is gone`
    : `${keyword} was ${say(from)} and is ${say(to)}`;
}

/** Whom it may break; whether it does is for the data to show. */
function effectOf(keyword: string, from: unknown, to: unknown): readonly Side[] {
  if (keyword === 'x-unicode') return CHANGED;
  if (from === undefined) return NARROWED;
  if (to === undefined) return WIDENED;
  if (typeof from !== 'number' || typeof to !== 'number') return CHANGED;
  if (LOWER_BOUNDS.includes(keyword)) return to > from ? NARROWED : WIDENED;
  if (UPPER_BOUNDS.includes(keyword)) return to < from ? NARROWED : WIDENED;
  return CHANGED;
}
