import { isDeepStrictEqual } from 'node:util';
import { clipText } from '../clip-text.ts';
import { CHANGED, type Change, deeper, NARROWED, type Side, WIDENED } from './change.ts';
import type { JsonSchema } from './json-schema.ts';

const LOWER_BOUNDS = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'];
const UPPER_BOUNDS = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];

/** Keywords that are compared elsewhere, for they have schemas or values within them. */
const ELSEWHERE = new Set([
  ...['$ref', 'type', 'const', 'enum', 'anyOf', 'oneOf'],
  ...['properties', 'required', 'additionalProperties', 'propertyNames', 'items', 'prefixItems'],
]);

/** Compares what narrows single values: bounds, patterns, formats and whatever else is not a schema. */
export function* compareKeywords(
  before: JsonSchema,
  after: JsonSchema,
  { pointer, keywords }: { readonly pointer: string; readonly keywords: Iterable<string> },
): Iterable<Change> {
  for (const keyword of keywords) {
    if (ELSEWHERE.has(keyword) || isDeepStrictEqual(before[keyword], after[keyword])) continue;
    const [from, to] = [before[keyword], after[keyword]];
    const detail =
      from === undefined
        ? `${keyword} ${say(to)} is new`
        : to === undefined
          ? `${keyword} ${say(from)} is gone`
          : `${keyword} was ${say(from)} and is ${say(to)}`;
    yield { pointer: deeper(pointer, keyword), detail, breaks: effectOf(keyword, from, to) };
  }
}

function effectOf(keyword: string, from: unknown, to: unknown): readonly Side[] {
  if (keyword === 'x-unicode') return CHANGED;
  if (from === undefined) return NARROWED;
  if (to === undefined) return WIDENED;
  if (typeof from !== 'number' || typeof to !== 'number') return CHANGED;
  if (LOWER_BOUNDS.includes(keyword)) return to > from ? NARROWED : WIDENED;
  if (UPPER_BOUNDS.includes(keyword)) return to < from ? NARROWED : WIDENED;
  if (keyword !== 'multipleOf') return CHANGED;
  if (to % from === 0) return NARROWED;
  return from % to === 0 ? WIDENED : CHANGED;
}

/** A value as JSON, short enough for a line. */
export function say(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${clipText(text, 57)}...` : text;
}
