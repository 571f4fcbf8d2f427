import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ArchivedEvent } from '../archived-event.ts';
import { markOf, objectKey } from '../object-key.ts';

const compress = promisify(gzip);

/** An object as it is written. */
export interface ArchiveObject {
  readonly key: string;
  /** Gzipped lines, each a JSON object. */
  readonly content: Uint8Array<ArrayBuffer>;
}

/** What distinguishes an object from the others of its hour. */
export interface ObjectName {
  /** Start of the hour, in epoch milliseconds. */
  readonly hour: number;
  /** In epoch milliseconds. */
  readonly writtenAt: number;
  /** Hexadecimal digits. */
  readonly writer: string;
}

/** Makes the object of lines that arrived in one hour. */
export async function makeObject(lines: readonly ArchivedEvent[], name: ObjectName): Promise<ArchiveObject> {
  const key = objectKey({
    ...name,
    events: lines.length,
    types: new Set(lines.map(({ type }) => markOf(type))),
    sources: new Set(lines.map(({ source }) => markOf(source))),
  });
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  return { key, content: await compress(text) };
}
