import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readText } from '../../read-data.ts';
import { leaveInterruptsToChild } from '../../terminal/until-stopped.ts';

/** A text that a person changes in an editor. Its file, which only the owner can read, stays until the draft is discarded. */
export interface Draft {
  readonly file: string;
  /**
   * Opens the editor, and waits until it is closed.
   *
   * @returns the edited text
   * @throws Error when the exit code of the editor is not 0
   * @throws TypeError when the text is not UTF-8
   */
  edit(): Promise<string>;
  /** Whether the text in the file is not the original one any more. */
  isChanged(): Promise<boolean>;
  discard(): Promise<void>;
}

/**
 * @param editor a command with its arguments, as in a shell (`code --wait`); the name of the file is added to it
 * @param signal ends the editor
 */
export async function createDraft(text: string, editor: string, signal?: AbortSignal): Promise<Draft> {
  const folder = await mkdtemp(join(tmpdir(), 'fanfare-edit-'));
  const file = join(folder, 'data.json');
  const original = `${text}\n`;
  await writeFile(file, original, { mode: 0o600 });
  const edit = async (): Promise<string> => {
    const child = spawn('sh', ['-c', `exec ${editor} "$@"`, editor, file], { stdio: 'inherit' });
    const end = (): void => void child.kill();
    signal?.addEventListener('abort', end);
    const [code] = await leaveInterruptsToChild(() => once(child, 'close'));
    signal?.removeEventListener('abort', end);
    if (code !== 0) throw new Error(`the editor '${editor}' ended with ${code}; nothing was changed`);
    return readText(file, 'the edited text');
  };
  return {
    file,
    edit,
    isChanged: async () => (await readFile(file, 'utf8')) !== original,
    discard: () => rm(folder, { recursive: true, force: true }),
  };
}
