import type { ArchiveStore } from './archive-store.ts';
import { createDeduper, type Deduper } from './deduper.ts';
import { type ArchiveObject, listObjects } from './list-objects.ts';
import { openAhead } from './open-ahead.ts';
import { type ArchivedLine, type ArchiveProblem, readObject } from './read-object.ts';
import type { Selection } from './selection.ts';

export interface ReadArchiveOptions {
  readonly selection: Selection;
  /** Called for each line and object that cannot be read. The reading goes on. */
  readonly onProblem: (problem: ArchiveProblem) => void;
  /** Called before an object is read. */
  readonly onObject?: ((object: ArchiveObject) => void) | undefined;
  /** Remembers what was read, over several readings that follow each other. @default - a new one */
  readonly deduper?: Deduper | undefined;
}

/** Objects that are opened before the ones before them are read. */
const AHEAD = 4;

/**
 * Reads the events of a selection from the archive, in the order of the objects, which is nearly that of arrival, each message once.
 *
 * @throws the error of the store when the objects cannot be listed
 */
export async function* readArchive(
  store: ArchiveStore,
  { selection, onProblem, onObject, deduper = createDeduper() }: ReadArchiveOptions,
): AsyncGenerator<ArchivedLine> {
  const ahead = openAhead(store);
  try {
    for await (const object of inAdvance(listObjects(ahead, selection.range), ({ key }) =>
      ahead.prepare(key),
    )) {
      onObject?.(object);
      for await (const line of readObject(ahead, object.key, { onProblem })) {
        if (selection.matches(line) && !deduper.isRepeated(line.event, line.arrivedAt)) yield line;
      }
    }
  } finally {
    await ahead.close();
  }
}

/** The same items, each of them announced while some before it are still to come. */
async function* inAdvance<T>(items: AsyncIterable<T>, announce: (item: T) => void): AsyncGenerator<T> {
  const coming: T[] = [];
  for await (const item of items) {
    announce(item);
    coming.push(item);
    const [next] = coming;
    if (coming.length > AHEAD && next !== undefined) {
      coming.shift();
      yield next;
    }
  }
  yield* coming;
}
