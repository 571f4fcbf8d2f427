import { type Change, NARROWED, WIDENED } from './change.ts';
import { compareSchemas } from './compare-schemas.ts';
import type { PublishedSchema } from './json-schema.ts';

/** Compares a version as it was published with what its contract says now. */
export function compareVersions(before: PublishedSchema, after: PublishedSchema): readonly Change[] {
  return [...compareSchemas(before, after), ...compareLinks(before, after)];
}

function compareLinks(before: PublishedSchema, after: PublishedSchema): readonly Change[] {
  const [old, now] = [before['x-links'] ?? [], after['x-links'] ?? []];
  const pointer = '/x-links';
  return [
    ...old
      .filter((origin) => !now.includes(origin))
      .map((origin) => ({ pointer, detail: `events may not link to ${origin} any more`, breaks: NARROWED })),
    ...now
      .filter((origin) => !old.includes(origin))
      .map((origin) => ({ pointer, detail: `events may link to ${origin}`, breaks: WIDENED })),
  ];
}
