import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';

/**
 * The text that `--data` names: itself, `@file` the file, `-` the standard input.
 *
 * @throws TypeError when it is not UTF-8
 * @throws Error when the file cannot be read
 */
export async function readData(data: string): Promise<string> {
  const file = data === '-' ? process.stdin : data.startsWith('@') ? data.slice(1) : undefined;
  if (file === undefined) return data;
  const bytes = typeof file === 'string' ? await readFile(file) : await buffer(file);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new TypeError(`--data ${data} is not UTF-8`, { cause });
  }
}
