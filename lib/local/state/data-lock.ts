import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makePrivateFile, OWNER_ONLY_FILE, OWNER_ONLY_FOLDER } from './private-files.ts';

/** Another runner uses the data directory. */
export class DataInUseError extends Error {
  override readonly name = 'DataInUseError';
}

/** @see https://www.sqlite.org/rescode.html#busy */
const SQLITE_BUSY = 5;

/**
 * Keeps other runners away from a data directory, which is created when it is missing. The lock is one of the operating system, which SQLite sets: it
 * ends with this process, also when the process is killed.
 *
 * @returns how to release the directory
 * @throws DataInUseError when another runner uses it
 * @throws Error when it cannot be locked
 */
export function lockData(directory: string): () => void {
  // A directory that exists keeps its mode: it may be a person's own.
  mkdirSync(directory, { recursive: true, mode: OWNER_ONLY_FOLDER });
  const processFile = join(directory, 'runner.pid');
  const lock = openLock(join(directory, 'runner.lock'));
  try {
    // Nothing is written, so no journal is needed beside it.
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    throw isBusy(cause) ? inUse(directory, processFile, cause) : notLocked(directory, cause);
  }
  makePrivateFile(processFile);
  writeFileSync(processFile, `${process.pid}`, { mode: OWNER_ONLY_FILE });
  return () => lock.close();
}

/** A process loses its lock of a file when it closes the file once, so a file that exists is not opened to change its mode. */
function openLock(file: string): DatabaseSync {
  if (existsSync(file)) chmodSync(file, OWNER_ONLY_FILE);
  else makePrivateFile(file);
  return new DatabaseSync(file);
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}

function inUse(directory: string, processFile: string, cause: unknown): DataInUseError {
  const by = existsSync(processFile) ? `process ${readFileSync(processFile, 'utf8')}` : 'another process';
  return new DataInUseError(
    `the data directory ${directory} is in use by ${by}; stop that one, or start with another data directory`,
    { cause },
  );
}

function notLocked(directory: string, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Error(
    `the data directory ${directory} cannot be locked: ${reason}; remove runner.lock from it, or start with another data directory`,
    { cause },
  );
}
