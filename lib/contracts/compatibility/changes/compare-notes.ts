import { isDeepStrictEqual } from 'node:util';
import { CONSTRAINTS } from '../containment/keywords.ts';
import { CHANGED, type Change, COMPATIBLE, deeper, WIDENED } from './change.ts';

/** Maximum number of differences that are listed. The diff of the file shows the others. */
const MOST_NAMED = 10;

/**
 * Keywords that change how other keywords are read, and constraints of other drafts. zod writes none of them, but a file that was edited
 * by hand can have them. Every other keyword is a note, such as a unit, an example or a media type.
 */
const NOT_UNDERSTOOD: ReadonlySet<string> = new Set([
  ...['$schema', '$id', '$anchor', '$dynamicAnchor', '$vocabulary', '$recursiveRef', '$recursiveAnchor'],
  ...['definitions', 'dependencies', 'additionalItems', 'nullable', 'divisibleBy', 'disallow', 'extends'],
]);

/** Keywords whose value is an object of schemas. Its names are not keywords. */
const BY_NAME: ReadonlySet<string> = new Set(['properties', '$defs']);

/**
 * Lists the differences between two documents that no other comparison reports: descriptions and other notes, and constraints that are
 * only written in another way. A keyword that is not understood counts as a breaking change.
 */
export function compareNotes(before: unknown, after: unknown): readonly Change[] {
  const all = [...differences(before, after, { pointer: '', inSchema: true })];
  // Breaking changes come first, so that the limit does not cut them off.
  return all.toSorted((a, b) => b.breaks.length - a.breaks.length).slice(0, MOST_NAMED);
}

interface At {
  readonly pointer: string;
  /** The last keyword of JSON Schema in the pointer. */
  readonly keyword?: string;
  /** Whether the names at this location are keywords of a schema. */
  readonly inSchema: boolean;
}

function* differences(before: unknown, after: unknown, at: At): Iterable<Change> {
  if (isDeepStrictEqual(before, after)) return;
  const isWhole = at.keyword !== undefined && !CONSTRAINTS.has(at.keyword) && at.keyword !== '$defs';
  if (isWhole || !isParent(before) || !isParent(after) || Array.isArray(before) !== Array.isArray(after)) {
    yield { pointer: at.pointer, ...classify(at.keyword) };
    return;
  }
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const isKeyword = at.inSchema && !Array.isArray(before);
    const next = {
      pointer: deeper(at.pointer, name),
      keyword: isKeyword ? name : at.keyword,
      inSchema: !(isKeyword && BY_NAME.has(name)),
    };
    yield* differences(fieldOf(before, name), fieldOf(after, name), next);
  }
}

function classify(keyword: string | undefined): Pick<Change, 'detail' | 'breaks' | 'byMeaning'> {
  if (keyword === 'default') {
    const detail = 'the default has changed: the same event would be read in two ways';
    return { detail, breaks: WIDENED, byMeaning: WIDENED };
  }
  if (keyword !== undefined && NOT_UNDERSTOOD.has(keyword))
    return {
      detail: `${keyword} has changed, and this keyword is not understood`,
      breaks: CHANGED,
      byMeaning: CHANGED,
    };
  // Other comparisons have already found that the constraints accept the same data.
  const isConstraint = keyword !== undefined && (CONSTRAINTS.has(keyword) || keyword === '$defs');
  const detail = isConstraint
    ? 'it is written in another way and accepts the same data'
    : 'only notes have changed: it accepts the same data with the same meaning';
  return { detail, breaks: COMPATIBLE };
}

function isParent(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function fieldOf(value: object, name: string): unknown {
  return Object.hasOwn(value, name) ? Object(value)[name] : undefined;
}
