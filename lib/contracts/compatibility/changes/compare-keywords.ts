import { isDeepStrictEqual } from 'node:util';
import { OPAQUE } from '../containment/keywords.ts';
import { isPatternOnly } from '../containment/text/text-tests.ts';
import type { JsonSchema } from '../json-schema.ts';
import { CHANGED, type Change, NARROWED, type Side, WIDENED } from './change.ts';
import { formatValue } from './format-value.ts';
import { type Pair, pointerTo } from './schema-location.ts';

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

/** Not compared for tuples of different lengths: the comparison of the items reports these. */
const OF_TUPLES = ['minItems', 'maxItems'];

/** Compares the keywords that limit single values: bounds, patterns, formats and others whose value is not a schema. */
export function* compareKeywords(pair: Pair): Iterable<Change> {
  const [before, after] = [pair.old.schema, pair.now.schema];
  const isTuple = before.prefixItems?.length !== after.prefixItems?.length;
  for (const keyword of COMPARED.filter((one) => !isTuple || !OF_TUPLES.includes(one))) {
    const [from, to] = [before[keyword], after[keyword]];
    if (isDeepStrictEqual(from, to)) continue;
    const detail = describeDifference(keyword, from, to);
    yield { pointer: pointerTo(pair, keyword), detail, breaks: effectOf(keyword, from, to) };
  }
  yield* comparePatterns(pair);
}

/** Compares the patterns and steps in an `allOf`, where zod writes several of them for one value. */
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
    if (isPatternOnly(member)) return [`the pattern ${formatValue(member.pattern)}`];
    return Object.keys(member).join() === 'multipleOf'
      ? [`multipleOf ${formatValue(member.multipleOf)}`]
      : [];
  });
}

function describeDifference(keyword: string, from: unknown, to: unknown): string {
  if (from === undefined) return `${keyword} ${formatValue(to)} is new`;
  return to === undefined
    ? `${keyword} ${formatValue(from)} is gone`
    : `${keyword} was ${formatValue(from)} and is ${formatValue(to)}`;
}

/** The sides that the change can break. Whether it breaks them, the search for data decides. */
function effectOf(keyword: string, from: unknown, to: unknown): readonly Side[] {
  if (keyword === 'x-unicode') return CHANGED;
  if (from === undefined) return NARROWED;
  if (to === undefined) return WIDENED;
  if (typeof from !== 'number' || typeof to !== 'number') return CHANGED;
  if (LOWER_BOUNDS.includes(keyword)) return to > from ? NARROWED : WIDENED;
  if (UPPER_BOUNDS.includes(keyword)) return to < from ? NARROWED : WIDENED;
  return CHANGED;
}
