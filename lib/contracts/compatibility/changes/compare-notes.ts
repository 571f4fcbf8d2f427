import { isDeepStrictEqual } from 'node:util';
import { CONSTRAINTS } from '../containment/keywords.ts';
import { CHANGED, type Change, COMPATIBLE, deeper, WIDENED } from './change.ts';

/** As many places as are named; what more there are is in the file's difference. */
const MOST_NAMED = 10;

/**
 * Keywords that say how others are read, and those of other drafts that narrow: zod writes none of them, but a file that was edited by
 * hand can have them. Every other keyword is a note, as of a unit, an example or a media type.
 */
const NOT_UNDERSTOOD: ReadonlySet<string> = new Set([
  ...['$schema', '$id', '$anchor', '$dynamicAnchor', '$vocabulary', '$recursiveRef', '$recursiveAnchor'],
  ...['definitions', 'dependencies', 'additionalItems', 'nullable', 'divisibleBy', 'disallow', 'extends'],
]);

/** Keywords whose value has schemas by name: the names are no keywords. */
const BY_NAME: ReadonlySet<string> = new Set(['properties', '$defs']);

/**
 * Names every place where two documents differ of which nothing else has told: descriptions and other notes, and the same constraints
 * written in another way. What is not understood is taken to break.
 */
export function compareNotes(before: unknown, after: unknown): readonly Change[] {
  const all = [...differences(before, after, { pointer: '', inSchema: true })];
  // What breaks comes first: it may not be left out.
  return all.toSorted((a, b) => b.breaks.length - a.breaks.length).slice(0, MOST_NAMED);
}

interface At {
  readonly pointer: string;
  /** The last keyword of JSON Schema on the way. */
  readonly keyword?: string;
  /** Whether the names within are keywords of a schema. */
  readonly inSchema: boolean;
}

function* differences(before: unknown, after: unknown, at: At): Iterable<Change> {
  if (isDeepStrictEqual(before, after)) return;
  const isWhole = at.keyword !== undefined && !CONSTRAINTS.has(at.keyword) && at.keyword !== '$defs';
  if (isWhole || !isParent(before) || !isParent(after) || Array.isArray(before) !== Array.isArray(after)) {
    yield { pointer: at.pointer, ...judge(at.keyword) };
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

function judge(keyword: string | undefined): Pick<Change, 'detail' | 'breaks' | 'byMeaning'> {
  if (keyword === 'default') {
    const detail = 'the default is another: the same event would be read in two ways';
    return { detail, breaks: WIDENED, byMeaning: WIDENED };
  }
  if (keyword !== undefined && NOT_UNDERSTOOD.has(keyword))
    return { detail: `${keyword} differs, and is not understood`, breaks: CHANGED, byMeaning: CHANGED };
  // Whether the constraints take the same has been compared.
  const isConstraint = keyword !== undefined && (CONSTRAINTS.has(keyword) || keyword === '$defs');
  const detail = isConstraint
    ? 'it is written in another way, and takes the same'
    : 'only words have changed: it takes the same, and means the same';
  return { detail, breaks: COMPATIBLE };
}

function isParent(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function fieldOf(value: object, name: string): unknown {
  return Object.hasOwn(value, name) ? Object(value)[name] : undefined;
}
