import { type Change, NARROWED, WIDENED } from './change.ts';
import { compareSchemas } from './compare-schemas.ts';
import type { PublishedSchema } from './json-schema.ts';

/** Compares a version as it was published with what its contract says now. */
export function compareVersions(before: PublishedSchema, after: PublishedSchema): readonly Change[] {
  return [...compareSchemas(before, after), ...compareLinks(before, after)];
}

function compareLinks(before: PublishedSchema, after: PublishedSchema): readonly Change[] {
  const [old, now] = [linksOf(before), linksOf(after)];
  const pointer = '/x-links';
  return [
    ...old
      .filter((link) => !covers(now, link))
      .map((link) => ({
        pointer,
        detail: `events may not link to all of ${link} any more`,
        breaks: NARROWED,
      })),
    ...now
      .filter((link) => !covers(old, link))
      .map((link) => ({ pointer, detail: `events may link to ${link}`, breaks: WIDENED })),
  ];
}

/** Schemas that were published before links had a path name the host alone, which meant all of it. */
function linksOf({ 'x-links': links = [] }: PublishedSchema): readonly string[] {
  return links.map((link) => (link.endsWith('/') ? link : `${link}/`));
}

/** Whether every link that begins with this one is allowed. */
function covers(allowed: readonly string[], link: string): boolean {
  return allowed.some((one) => link.startsWith(one));
}
