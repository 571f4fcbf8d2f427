import { namingAttributes } from '../../archive/erase/erase-line.ts';
import { type ErasedObject, eraseObject } from '../../archive/erase/erase-object.ts';
import type { ArchiveStore } from '../../archive/read/archive-store.ts';
import { type ArchiveObject, listObjects, type ObjectRange } from '../../archive/read/list-objects.ts';
import { identityOf } from '../../contracts/envelope/envelope.ts';
import { inParallel } from '../in-parallel.ts';
import { reasonOf } from '../problem.ts';
import { eraseRecords } from './erase-records.ts';
import type { Erasure } from './erasure.ts';
import { AT_A_LINK } from './judge-message.ts';
import { eraseLargeData } from './large-data.ts';
import { NeedsRestoreError, type ObjectStore, type ReadObject } from './object-store.ts';

/** What was done with the archive. */
export interface ErasedArchive {
  /** Objects of the range. */
  readonly objects: number;
  /** Objects that were written again. */
  readonly rewritten: number;
  /** Bytes of the objects that were read, compressed. */
  readonly bytes: number;
  /** Lines of all objects that were read. */
  readonly lines: number;
  /** Events that were erased, by type. */
  readonly events: Readonly<Record<string, number>>;
}

export interface ArchiveRequest {
  readonly archive: ArchiveStore;
  /** The same objects, to be changed. */
  readonly objects: ObjectStore;
  /** Stands before the key of an object that is named in the report. @default '' */
  readonly named?: string | undefined;
  readonly range: ObjectRange;
  readonly onProgress?:
    | ((progress: { readonly done: number; readonly total: number; readonly events: number }) => void)
    | undefined;
}

/** Each object is in memory as a whole. */
const AT_ONCE = 4;
/** How often an object is read that somebody else keeps writing. */
const TRIES = 3;

/**
 * Erases the events of the person from the objects of a range. What an event leads to, its large data and its records, goes first, and the event
 * last: so a run that was killed finds it again.
 */
export async function eraseArchive(
  erasure: Erasure,
  { archive, objects: store, named = '', range, onProgress }: ArchiveRequest,
): Promise<ErasedArchive> {
  const objects = await Array.fromAsync(listObjects(archive, range));
  const events: Record<string, number> = {};
  const sums = { rewritten: 0, bytes: 0, lines: 0 };
  let [done, count] = [0, 0];
  await inParallel(objects, AT_ONCE, async (object) => {
    if (erasure.signal.aborted) return;
    const erased = await eraseOne(erasure, { store, object, name: `${named}${object.key}` });
    done += 1;
    sums.bytes += object.bytes;
    sums.lines += erased?.lines ?? 0;
    if (erased?.content) sums.rewritten += 1;
    for (const { type } of erased?.erased ?? []) {
      events[type] = (events[type] ?? 0) + 1;
      count += 1;
    }
    onProgress?.({ done, total: objects.length, events: count });
  });
  return { objects: objects.length, ...sums, events };
}

/** An object of an archive, and how the report names it. */
interface Place {
  readonly store: ObjectStore;
  readonly object: ArchiveObject;
  readonly name: string;
}

/** @returns undefined when the object is gone, or has to stay as it is */
async function eraseOne(erasure: Erasure, { store, object: { key }, name }: Place) {
  const { notes } = erasure;
  const leave = (why: string): undefined => void notes.left.push({ what: name, why });
  try {
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      const object = await store.read(key);
      if (!object) return undefined;
      const erased = await eraseObject(object.content, erasure.subjects, erasure.at);
      await eraseAround(erasure, erased);
      if (await replace(erasure, { store, key, name, object, erased })) {
        noteWhatStays(erasure, name, erased);
        return erased;
      }
    }
    return leave(`somebody else was writing it ${TRIES} times; run the command again`);
  } catch (error) {
    // The object stays as it is, and the others are erased all the same.
    if (error instanceof NeedsRestoreError) return leave(error.message);
    if (isNoGzip(error)) return leave(`it cannot be read: it is no whole gzip: ${reasonOf(error)}`);
    notes.problems.push({ resource: 'object', name, missing: false, reason: reasonOf(error) });
    return undefined;
  }
}

async function eraseAround(erasure: Erasure, { erased, before }: ErasedObject): Promise<void> {
  for (const event of erased) await eraseLargeData(erasure, event);
  // A record that was not finished at an earlier run may be now.
  await eraseRecords(erasure, [...erased, ...before]);
}

interface Replacement {
  readonly store: ObjectStore;
  readonly key: string;
  readonly name: string;
  readonly object: ReadObject;
  readonly erased: ErasedObject;
}

/** @returns whether the object is as it has to be */
async function replace(
  { dryRun, notes }: Erasure,
  { store, key, name, object, erased }: Replacement,
): Promise<boolean> {
  if (!erased.content || dryRun) return true;
  const written = await store.replace(key, erased.content, object);
  if (written === 'versioned')
    notes.left.push({ what: name, why: 'the bucket keeps versions: delete the version before the last one' });
  return written !== 'changed';
}

function noteWhatStays({ notes, subjects }: Erasure, name: string, erased: ErasedObject): void {
  for (const event of erased.unknown)
    notes.unknown.push({ what: `${name}: ${identityOf(event)}`, why: AT_A_LINK });
  for (const { line, reason, named } of erased.unreadable)
    if (named) notes.left.push({ what: `${name}, line ${line}`, why: `it names the person, but ${reason}` });
  for (const event of [...erased.erased, ...erased.before]) {
    const named = namingAttributes(event, subjects);
    if (named.length > 0)
      notes.left.push({
        what: `${name}: ${identityOf(event)}`,
        why: `its ${named.join(' and ')} names the person, and identifies the event`,
      });
  }
}

function isNoGzip(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^(Z_|ERR_BUFFER)/.test(String(error.code));
}
