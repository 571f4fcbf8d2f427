import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A temporary folder that is removed when this process ends. */
export interface ScratchFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/** Removes the folder when this process has ended, even if it was killed: then its end of the pipe is closed. */
const REMOVE_AFTERWARDS = 'cat >/dev/null; rm -rf "$1"';

/** Creates a folder in the system's folder for temporary files. */
export async function createScratchFolder(): Promise<ScratchFolder> {
  const path = await mkdtemp(join(tmpdir(), 'fanfare-'));
  const remover = spawn('sh', ['-c', REMOVE_AFTERWARDS, 'sh', path], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  // There is no shell. Then the system removes the folder with its other temporary files.
  remover.on('error', () => undefined);
  remover.unref();
  return {
    path,
    remove: async () => {
      await rm(path, { recursive: true, force: true });
      remover.stdin?.end();
    },
  };
}
