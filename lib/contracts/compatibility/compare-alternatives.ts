import { type Change, deeper, NARROWED, type Side, WIDENED } from './change.ts';
import { say } from './compare-keywords.ts';
import type { Compare } from './compare-schemas.ts';
import type { JsonSchema } from './json-schema.ts';

/** What a value may be: the alternatives of a union, one for each of several types, or the schema itself. */
export function alternativesOf(schema: JsonSchema): readonly JsonSchema[] {
  const { type } = schema;
  if (schema.anyOf || schema.oneOf) return schema.anyOf ?? schema.oneOf ?? [];
  return Array.isArray(type) ? type.map((one: string) => ({ ...schema, type: one })) : [schema];
}

/**
 * Compares unions. Alternatives with the same tag (a field with the same constant) are compared with each other; of the rest,
 * every old one has to be taken still, and every new one has to have been taken before.
 */
export function* compareAlternatives(
  before: readonly JsonSchema[],
  after: readonly JsonSchema[],
  { pointer, compare }: { readonly pointer: string; readonly compare: Compare },
): Iterable<Change> {
  const pairs = new Map(before.flatMap((old) => pairOf(old, after)));
  for (const [old, now] of pairs) yield* compare(old, now, deeper(pointer, 'anyOf', after.indexOf(now)));
  const paired = new Set(pairs.values());
  const holds = (old: JsonSchema, now: JsonSchema, side: Side): boolean =>
    compare(old, now, pointer).every(({ breaks }) => !breaks.includes(side));
  const isTaken = (old: JsonSchema): boolean =>
    pairs.has(old) || after.some((now) => holds(old, now, 'producers'));
  const wasTaken = (now: JsonSchema): boolean =>
    paired.has(now) || before.some((old) => holds(old, now, 'consumers'));
  for (const old of before.filter((one) => !isTaken(one))) {
    yield { pointer, detail: `the alternative ${say(old)} is taken no more`, breaks: NARROWED };
  }
  for (const now of after.filter((one) => !wasTaken(one))) {
    yield { pointer, detail: `the alternative ${say(now)} is new`, breaks: WIDENED };
  }
}

/** A value that two alternatives take is taken by `anyOf`, and refused by `oneOf`; alternatives with tags never take the same. */
export function* compareExclusive(before: JsonSchema, after: JsonSchema, pointer: string): Iterable<Change> {
  const was = before.oneOf !== undefined && !isTagged(before);
  const is = after.oneOf !== undefined && !isTagged(after);
  if (!was && is && before.anyOf) {
    const detail = 'what several alternatives take was taken and is refused';
    yield { pointer: deeper(pointer, 'oneOf'), detail, breaks: NARROWED };
  }
  if (was && !is && after.anyOf) {
    const detail = 'what several alternatives take was refused and is taken';
    yield { pointer: deeper(pointer, 'anyOf'), detail, breaks: WIDENED };
  }
}

function isTagged({ oneOf = [] }: JsonSchema): boolean {
  const tags = oneOf.map(tagOf);
  return !tags.includes(undefined) && new Set(tags).size === tags.length;
}

function pairOf(old: JsonSchema, after: readonly JsonSchema[]): [JsonSchema, JsonSchema][] {
  const tag = tagOf(old);
  const same = tag === undefined ? undefined : after.find((now) => tagOf(now) === tag);
  return same ? [[old, same]] : [];
}

function tagOf({ properties = {} }: JsonSchema): string | undefined {
  const constants = Object.entries(properties).filter(([, schema]) => 'const' in schema);
  return constants.length > 0
    ? JSON.stringify(constants.map(([name, schema]) => [name, schema.const]))
    : undefined;
}
