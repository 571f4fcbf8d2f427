import {
  ARCHIVE_PREFIX,
  hourOf,
  hourPrefix,
  markOf,
  type ObjectFacts,
  readObjectKey,
} from '../object-key.ts';
import type { ArchiveStore, StoredObject } from './archive-store.ts';

/** Which objects are wanted. They may have other events too: see `createSelection` for those. */
export interface ObjectRange {
  /** Arrival, in epoch milliseconds; this moment is in the range. */
  readonly from: number;
  /** Arrival, in epoch milliseconds; this moment is not in the range. */
  readonly to: number;
  /** Types with their versions. @default - any */
  readonly types?: readonly string[] | undefined;
  /** @default - any */
  readonly sources?: readonly string[] | undefined;
}

/** An object of the archive, and what its key says of it. */
export interface ArchiveObject extends StoredObject {
  readonly facts: ObjectFacts;
}

/** By how much the clock of the function that writes may be behind that of SQS. */
const CLOCKS_MS = 60_000;

/**
 * Lists the objects with events of a range of arrival times, in the order of their hours, and of their writing within an hour. Objects that
 * cannot have an event of the types and sources are left out, and so are those that were written before the range begins. Keys that are none of the archive are left out too.
 *
 * It is one listing that begins at the first hour, and not one for each hour: hours without events cost nothing.
 *
 * @param after only keys that come after this text. @default - all of the range
 */
export async function* listObjects(
  store: Pick<ArchiveStore, 'list'>,
  range: ObjectRange,
  after = '',
): AsyncGenerator<ArchiveObject> {
  const { from, to } = range;
  if (from >= to) return;
  const first = hourPrefix(hourOf(from));
  const marks = { types: marksOf(range.types), sources: marksOf(range.sources) };
  for await (const { key, bytes } of store.list(ARCHIVE_PREFIX, after > first ? after : first)) {
    const facts = readObjectKey(key);
    if (!facts) continue;
    if (facts.hour >= to) return;
    if (facts.writtenAt + CLOCKS_MS < from) continue;
    if (mayHave(facts.types, marks.types) && mayHave(facts.sources, marks.sources))
      yield { key, bytes, facts };
  }
}

function marksOf(names: readonly string[] | undefined): readonly string[] | undefined {
  return names?.map(markOf);
}

/** @param there the marks of an object; undefined when it may have any @param wanted undefined when any is wanted */
function mayHave(there: ReadonlySet<string> | undefined, wanted: readonly string[] | undefined): boolean {
  return there === undefined || wanted === undefined || wanted.some((mark) => there.has(mark));
}
