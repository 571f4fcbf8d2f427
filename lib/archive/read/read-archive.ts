import type { ArchiveStore } from './archive-store.ts';
import { createDeduper, type Deduper } from './deduper.ts';
import { type ArchiveObject, listObjects } from './list-objects.ts';
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

/**
 * Reads the events of a selection from the archive, in the order of the objects, which is nearly that of arrival, each message once.
 *
 * @throws the error of the store when the objects cannot be listed
 */
export async function* readArchive(
  store: ArchiveStore,
  { selection, onProblem, onObject, deduper = createDeduper() }: ReadArchiveOptions,
): AsyncGenerator<ArchivedLine> {
  for await (const object of listObjects(store, selection.range)) {
    onObject?.(object);
    for await (const line of readObject(store, object.key, { onProblem })) {
      if (selection.matches(line) && !deduper.isRepeated(line.event, line.arrivedAt)) yield line;
    }
  }
}
