import { chmodSync, closeSync, fchmodSync, mkdirSync, openSync } from 'node:fs';

/** Modes of what only its owner can enter or read. */
export const OWNER_ONLY_FOLDER = 0o700;
export const OWNER_ONLY_FILE = 0o600;

/** Creates a folder that only its owner can enter, with missing parent folders. If it exists, only its mode is changed. */
export function makePrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: OWNER_ONLY_FOLDER });
  chmodSync(path, OWNER_ONLY_FOLDER);
}

/**
 * Creates an empty file that only its owner can read. If it exists, its content stays and only its mode is changed. SQLite gives its journals the
 * mode of the database file, and treats an empty file as a new database.
 *
 * @see https://www.sqlite.org/tempfiles.html
 */
export function makePrivateFile(path: string): void {
  const file = openSync(path, 'a', OWNER_ONLY_FILE);
  fchmodSync(file, OWNER_ONLY_FILE);
  closeSync(file);
}
