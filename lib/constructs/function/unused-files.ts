import { readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';

const UNUSED_DAYS = 7;
const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;

/** Notes that a file was used, in its time of modification: many disks do not keep the time of the last access. */
export function noteUse(file: string): void {
  const now = new Date();
  try {
    utimesSync(file, now, now);
  } catch {
    // The cache belongs to another user, or the file was just removed. It has been read already, and can be made again.
  }
}

/**
 * Removes the files of a folder that no synthesis has used for 7 days, also what a synthesis that was ended has left half written. A synthesis
 * that still wants such a file finds none, and makes it again.
 */
export function removeUnused(folder: string): void {
  const before = Date.now() - UNUSED_DAYS * DAY_MILLISECONDS;
  for (const name of namesIn(folder)) removeIfOlder(join(folder, name), before);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // Nothing could be written there, so there is nothing to remove.
    return [];
  }
}

function removeIfOlder(file: string, before: number): void {
  try {
    if (statSync(file).mtimeMs < before) rmSync(file);
  } catch {
    // Another synthesis has removed it, or nobody may. A cache that is too large is no reason to end a synthesis.
  }
}
