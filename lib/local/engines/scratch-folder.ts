import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder that lives as long as this process. */
export interface ScratchFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/** Removes the folder when this process is gone, even if it was killed: its end of the pipe closes then. */
const REMOVE_AFTERWARDS = 'cat >/dev/null; rm -rf "$1"';

/** Makes a new folder among the machine's temporary files. */
export async function createScratchFolder(): Promise<ScratchFolder> {
  const path = await mkdtemp(join(tmpdir(), 'fanfare-'));
  const remover = spawn('sh', ['-c', REMOVE_AFTERWARDS, 'sh', path], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  // Without a shell the folder is left to the system's own cleaning.
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
