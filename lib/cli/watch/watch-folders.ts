import { type FSWatcher, lstatSync, readdirSync, watch } from 'node:fs';
import { join, sep } from 'node:path';

export interface FolderWatch {
  /** Whether a file or folder, by its whole path, is passed over, with all that is below it. */
  readonly ignores: (path: string) => boolean;
  readonly changed: () => void;
  /** Called with the first folder that cannot be watched. The others are. */
  readonly failed: (folder: string, error: Error) => void;
}

/**
 * Watches a folder and those below it, each with a watcher of its own. Node's recursive watching watches every file, also in `node_modules`,
 * which can use up what the system allows; it ends the process when a folder cannot be read; and it loses a file that is deleted and made
 * again, as `git checkout` does. The watcher of a folder names what has changed in it.
 *
 * @returns how to stop watching
 * @see https://nodejs.org/docs/latest-v24.x/api/fs.html#inodes
 */
export function watchFolders(root: string, { ignores, changed, failed }: FolderWatch): () => void {
  const watchers = new Map<string, FSWatcher>();
  let hasFailed = false;
  const fail = (folder: string, thrown: unknown): void => {
    if (!hasFailed) failed(folder, thrown instanceof Error ? thrown : new Error(String(thrown)));
    hasFailed = true;
  };
  const add = (folder: string): void => {
    try {
      // It is watched first and read then, so that nothing that is made in between is missed.
      const watcher = watch(folder, (kind, name) => notice(kind, join(folder, name ?? '')));
      watchers.set(folder, watcher);
      watcher.on('error', (error) => fail(folder, error));
      for (const entry of readdirSync(folder)) addFolder(join(folder, entry));
    } catch (error) {
      // What is in the other folders is still seen.
      fail(folder, error);
    }
  };
  /** Links are not followed: they may lead around in a circle. */
  const addFolder = (path: string): void => {
    try {
      if (!ignores(path) && lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) add(path);
    } catch (error) {
      // The folder that it is in was closed to this user after it was watched.
      fail(path, error);
    }
  };
  const remove = (path: string): void => {
    for (const [folder, watcher] of watchers) {
      if (folder !== path && !folder.startsWith(path + sep)) continue;
      watcher.close();
      watchers.delete(folder);
    }
  };
  const notice = (kind: string, path: string): void => {
    if (ignores(path)) return;
    // It was made, deleted or moved: a folder is watched anew.
    if (kind === 'rename' && path !== root) {
      remove(path);
      addFolder(path);
    }
    changed();
  };
  add(root);
  return () => remove(root);
}
