import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Lets a person change a text in their editor.
 *
 * @param editor a command, which gets the name of a file
 * @throws Error when it ends with anything but 0
 */
export async function editText(text: string, editor: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fanfare-edit-'));
  try {
    const file = join(folder, 'data.json');
    await writeFile(file, `${text}\n`, { mode: 0o600 });
    const [command = 'vi', ...args] = editor.split(' ');
    const [code] = await once(spawn(command, [...args, file], { stdio: 'inherit' }), 'close');
    if (code !== 0) throw new Error(`${editor} ended with ${code}; nothing was changed`);
    return await readFile(file, 'utf8');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
