import { isDeepStrictEqual } from 'node:util';
import { type Change, COMPATIBLE, deeper } from './change.ts';

/** As many places as are named; what more there are is in the file's difference. */
const MOST_NAMED = 10;

/** Names every place where two documents differ that take the same and mean the same: descriptions and other notes. */
export function compareNotes(before: unknown, after: unknown): readonly Change[] {
  return [...differences(before, after, '')].slice(0, MOST_NAMED);
}

function* differences(before: unknown, after: unknown, pointer: string): Iterable<Change> {
  if (isDeepStrictEqual(before, after)) return;
  if (!isParent(before) || !isParent(after) || Array.isArray(before) !== Array.isArray(after)) {
    yield {
      pointer,
      detail: 'only words have changed: it takes the same, and means the same',
      breaks: COMPATIBLE,
    };
    return;
  }
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    yield* differences(fieldOf(before, name), fieldOf(after, name), deeper(pointer, name));
  }
}

function isParent(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function fieldOf(value: object, name: string): unknown {
  return Object.hasOwn(value, name) ? Object(value)[name] : undefined;
}
