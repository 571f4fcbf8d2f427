import type { ArchiveStore } from '../../archive/read/archive-store.ts';
import { listObjects } from '../../archive/read/list-objects.ts';
import { readObject } from '../../archive/read/read-object.ts';

/** An event of a version that the archive holds. */
export interface HeldVersion {
  /** With its version. */
  readonly type: string;
  readonly id: string;
  /** Epoch milliseconds. */
  readonly arrivedAt: number;
  /** The object that it is in. */
  readonly key: string;
}

/** What an archive holds of some versions. */
export interface HeldVersions {
  /** The first event of each version, in the order in which they were found. */
  readonly held: readonly HeldVersion[];
  /** Objects that may have events of the others, and could not be read as a whole: their keys. */
  readonly unreadable: readonly string[];
}

/**
 * Finds which of these versions an archive holds. The keys leave out most objects without opening them, so it is a listing of all of them, a
 * request for each 1,000, and the reading of those that may have one.
 *
 * @param types with their versions
 * @throws the error of the store when the objects cannot be listed
 */
export async function findVersions(store: ArchiveStore, types: readonly string[]): Promise<HeldVersions> {
  const held = new Map<string, HeldVersion>();
  const unreadable = new Set<string>();
  const sought = (): readonly string[] => types.filter((type) => !held.has(type));
  for await (const { key } of listObjects(store, { from: 0, to: Number.POSITIVE_INFINITY, types })) {
    const onProblem = (): void => void unreadable.add(key);
    for await (const { archived, arrivedAt } of readObject(store, key, { onProblem })) {
      const { type, id } = archived;
      if (sought().includes(type)) held.set(type, { type, id, arrivedAt, key });
      if (sought().length === 0) return { held: [...held.values()], unreadable: [] };
    }
  }
  return { held: [...held.values()], unreadable: [...unreadable] };
}
