import { type Change, type Comparison, NARROWED, WIDENED } from './changes/change.ts';
import { compareNotes } from './changes/compare-notes.ts';
import { compareSchemas } from './changes/compare-schemas.ts';
import type { PublishedSchema } from './json-schema.ts';

/** Compares a published version with the current contract. There is at least one change, unless both are the same. */
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
        detail: `events may no longer link to everything below ${link}`,
        breaks: NARROWED,
      })),
    ...now
      .filter((link) => !covers(old, link))
      .map((link) => ({ pointer, detail: `events may now link to ${link}`, breaks: WIDENED })),
  ];
}

/** The links of a schema. In older schemas a link is only a host, which allows the whole host. */
function linksOf({ 'x-links': links = [] }: PublishedSchema): readonly string[] {
  return links.map((link) => (link.endsWith('/') ? link : `${link}/`));
}

/** Whether every link that begins with this one is allowed. */
function covers(allowed: readonly string[], link: string): boolean {
  return allowed.some((one) => link.startsWith(one));
}
