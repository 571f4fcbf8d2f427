import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type AppConsumers, readConsumers } from '../../../contracts/consumers/app-consumers.ts';
import { messageOf } from '../../../ops/problem.ts';

/**
 * Reads what `fanfare contracts consumers` of other apps has written.
 *
 * @param paths files, or folders of `.json` files
 * @throws Error that names the file which cannot be read, or the folder without one
 */
export async function readConsumerFiles(paths: readonly string[]): Promise<readonly AppConsumers[]> {
  const files = (await Promise.all(paths.map(listFiles))).flat();
  return Promise.all(
    files.map(async (file) => {
      try {
        return readConsumers(JSON.parse(await readFile(file, 'utf8')));
      } catch (cause) {
        throw new Error(`${file} cannot be used: ${messageOf(cause)}`, { cause });
      }
    }),
  );
}

async function listFiles(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new Error(`there is no ${path}; name files of 'fanfare contracts consumers' with --consumers`, {
      cause,
    });
  });
  if (!found.isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => name.endsWith('.json')).toSorted();
  if (names.length === 0) throw new Error(`${path} has no .json file of consumers`);
  return names.map((name) => join(path, name));
}
