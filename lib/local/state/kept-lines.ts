import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** The values in a file of JSON lines, and the lines that could not be read. */
export interface KeptLines<T> {
  readonly values: readonly T[];
  /** Numbers of the lines that are incomplete or hold something else, from 1. */
  readonly unreadable: readonly number[];
}

/**
 * Reads a file of JSON values, one a line, to which values are appended. A process that died while it wrote leaves an incomplete last line.
 * That line is skipped, and the next value begins on a new line.
 *
 * @param isOne says whether a value has the expected type
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
    // The line is incomplete. It is reported with the lines that hold something else.
    return undefined;
  }
}
