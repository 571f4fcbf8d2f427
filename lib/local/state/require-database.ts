import { statSync } from 'node:fs';
import { basename, join } from 'node:path';

/** What else is kept beside a database, by the path from the data directory. */
const WRITTEN_LATER = ['scheduler/schedules.jsonl', 'mail/mail.jsonl'];

/** A database in a folder of the data directory. */
export interface KeptDatabase {
  /** The folder that holds it. */
  readonly folder: string;
  readonly file: string;
  /** Files that have content only when this database has had some, by the path from the data directory. */
  readonly writtenLater?: readonly string[];
}

/**
 * Refuses a database that has lost its content: SQLite takes an empty file for a new database, and drops the journal beside it. A database that
 * is new has nothing beside it: it is created before anything else is kept.
 *
 * @throws Error when it is empty, or gone but for its journal, although there is something that was written later
 */
export function requireDatabase({ folder, file, writtenLater = [] }: KeptDatabase): void {
  const size = sizeOf(join(folder, file));
  if (size !== undefined && size > 0) return;
  const journal = join(basename(folder), `${file}-wal`);
  // Whoever removes a database wants a new one, but not with the journal of the old one.
  const others = size === undefined ? [journal] : [journal, ...WRITTEN_LATER, ...writtenLater];
  const found = others.find((other) => (sizeOf(join(folder, '..', other)) ?? 0) > 0);
  if (found === undefined) return;
  const state = size === undefined ? 'is gone' : 'is empty';
  throw new Error(`${file} ${state}, although ${found} is not, so what it held is lost`);
}

/** In bytes; undefined when there is no such file. */
function sizeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size;
}
