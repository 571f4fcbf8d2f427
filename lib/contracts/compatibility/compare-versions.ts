import { type Change, type Comparison, NARROWED, WIDENED } from './changes/change.ts';
import { compareNotes } from './changes/compare-notes.ts';
import { compareSchemas } from './changes/compare-schemas.ts';
import type { PublishedSchema } from './json-schema.ts';

/** Compares a version as it was published with what its contract says now. There are changes unless both are the same. */
export function compareVersions(before: PublishedSchema, after: PublishedSchema): Comparison {
  const { changes, proofs } = compareSchemas(before, after);
  const all = [...changes, ...compareLinks(before, after)];
  return { changes: all.length > 0 ? all : compareNotes(before, after), proofs };
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
