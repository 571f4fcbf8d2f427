import { chmodSync, closeSync, fchmodSync, mkdirSync, openSync } from 'node:fs';

const OWNER_ONLY_FOLDER = 0o700;
const OWNER_ONLY_FILE = 0o600;

/** Makes a folder, with those above it that are missing, that only its owner may enter; one that is there is closed to others too. */
export function makePrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: OWNER_ONLY_FOLDER });
  chmodSync(path, OWNER_ONLY_FOLDER);
}

/**
 * Makes an empty file that only its owner may read; one that is there keeps its content and is closed to others too. SQLite gives
 * its journals the mode of the database, and takes an empty file for a new one.
 *
 * @see https://www.sqlite.org/tempfiles.html
 */
export function makePrivateFile(path: string): void {
  const file = openSync(path, 'a', OWNER_ONLY_FILE);
  fchmodSync(file, OWNER_ONLY_FILE);
  closeSync(file);
}
