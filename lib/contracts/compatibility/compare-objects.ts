import { type Change, COMPATIBLE, deeper, NARROWED, WIDENED } from './change.ts';
import type { Compare } from './compare-schemas.ts';
import type { JsonSchema } from './json-schema.ts';

/** Compares the fields of objects: which there are, which have to be there, and whether others may be. */
export function* compareObjects(
  before: JsonSchema,
  after: JsonSchema,
  { pointer, compare }: { readonly pointer: string; readonly compare: Compare },
): Iterable<Change> {
  const [old, now] = [before.properties ?? {}, after.properties ?? {}];
  for (const [name, schema] of Object.entries(old)) {
    const at = deeper(pointer, 'properties', name);
    const same = now[name];
    if (same) {
      yield* compare(schema, same, at);
      yield* compareRequired(before, after, { name, at });
    } else {
      const breaks = isClosed(after) ? (['producers', 'consumers'] as const) : WIDENED;
      yield { pointer: at, detail: 'the field is gone', breaks };
    }
  }
  for (const name of Object.keys(now).filter((name) => !(name in old))) {
    const at = deeper(pointer, 'properties', name);
    const required = after.required?.includes(name);
    const breaks = [...(required ? NARROWED : COMPATIBLE), ...(isClosed(before) ? WIDENED : COMPATIBLE)];
    yield { pointer: at, detail: `the ${required ? 'required' : 'optional'} field is new`, breaks };
  }
  yield* compareOthers(before, after, { pointer, compare });
}

function* compareRequired(
  before: JsonSchema,
  after: JsonSchema,
  { name, at }: { readonly name: string; readonly at: string },
): Iterable<Change> {
  const [was, is] = [before, after].map(({ required = [] }) => required.includes(name));
  if (!was && is) yield { pointer: at, detail: 'the field was optional and is required', breaks: NARROWED };
  if (was && !is) yield { pointer: at, detail: 'the field was required and is optional', breaks: WIDENED };
}

/** Fields that have no name of their own in the schema. */
function* compareOthers(
  before: JsonSchema,
  after: JsonSchema,
  { pointer, compare }: { readonly pointer: string; readonly compare: Compare },
): Iterable<Change> {
  const at = deeper(pointer, 'additionalProperties');
  if (!isClosed(before) && isClosed(after)) {
    yield { pointer: at, detail: 'other fields were let through and are refused', breaks: NARROWED };
  } else if (isClosed(before) && !isClosed(after)) {
    yield { pointer: at, detail: 'other fields were refused and are let through', breaks: WIDENED };
  } else if (!isClosed(before)) {
    yield* compare(othersOf(before), othersOf(after), at);
  }
  yield* compare(before.propertyNames ?? {}, after.propertyNames ?? {}, deeper(pointer, 'propertyNames'));
}

function isClosed({ additionalProperties }: JsonSchema): boolean {
  return additionalProperties === false;
}

function othersOf({ additionalProperties }: JsonSchema): JsonSchema {
  return typeof additionalProperties === 'object' ? additionalProperties : {};
}
