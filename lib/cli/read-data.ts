import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';

/**
 * The text that `--data` names: itself, `@file` the file, `-` the standard input.
 *
 * @throws TypeError when it is not UTF-8
 * @throws Error when the file cannot be read
 */
export async function readData(data: string): Promise<string> {
  if (data === '-') return decode(await buffer(process.stdin), '--data -');
  return data.startsWith('@') ? readText(data.slice(1), `--data ${data}`) : data;
}

/**
 * The text of a file.
 *
 * @param what the text, as an error names it
 * @throws TypeError when it is not UTF-8
 * @throws Error when the file cannot be read
 */
export async function readText(file: string, what: string): Promise<string> {
  return decode(await readFile(file), what);
}

function decode(bytes: Buffer, what: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new TypeError(`${what} is not UTF-8`, { cause });
  }
}
