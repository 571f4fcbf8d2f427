import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** What a file of JSON lines holds, and what of it could not be read. */
export interface KeptLines<T> {
  readonly values: readonly T[];
  /** Numbers of lines that are torn or something else, from 1. */
  readonly unreadable: readonly number[];
}

/**
 * Reads a file back to which one JSON value a line is appended. A process that dies in the middle of it leaves a torn last
 * line: such a line is left out, and the next value begins on a line of its own.
 *
 * @param isOne says whether a value is one of those that are kept there
 */
export function readKeptLines<T>(file: string, isOne: (value: unknown) => value is T): KeptLines<T> {
  if (!existsSync(file)) return { values: [], unreadable: [] };
  const content = readFileSync(file, 'utf8');
  if (content !== '' && !content.endsWith('\n')) appendFileSync(file, '\n');
  const values: T[] = [];
  const unreadable: number[] = [];
  for (const [index, line] of content.split('\n').entries()) {
    if (line === '') continue;
    const value = parse(line);
    if (isOne(value)) values.push(value);
    else unreadable.push(index + 1);
  }
  return { values, unreadable };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Torn in the middle: it is reported with the lines that hold something else.
    return undefined;
  }
}
