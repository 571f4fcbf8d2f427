import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { type Envelope, isErased } from '../../contracts/envelope/envelope.ts';
import { readLine } from '../read/read-line.ts';
import { wholeEvent } from '../read/selection.ts';
import { erasedEvent, erasedLine } from './erase-line.ts';
import type { Subjects } from './subjects.ts';

/** What an object of the archive has of somebody, and the object without it. */
export interface ErasedObject {
  /** How many lines it has. */
  readonly lines: number;
  /** The events that are theirs, as they were. */
  readonly erased: readonly Envelope[];
  /** Events that were erased before. */
  readonly before: readonly Envelope[];
  /** Events of which it is not known whose they are. */
  readonly unknown: readonly Envelope[];
  /** Lines that are none, from 1. They stay as they are. */
  readonly unreadable: readonly { readonly line: number; readonly reason: string; readonly named: boolean }[];
  /** The gzipped object without what is theirs. Every other line has the same bytes as before. @default - nothing in it is theirs */
  readonly content?: Buffer | undefined;
}

const decompress = promisify(gunzip);
const compress = promisify(gzip);
/** The archive writes at most 16 MB of events into an object, which escapes and columns can make several times as long. */
const MAX_OUTPUT = 512 * 1024 ** 2;
const LINE_END = 0x0a;

/**
 * Finds the events of somebody in an object of the archive, and makes the object without their data.
 *
 * @param content gzipped lines
 * @param at RFC 3339 time of the erasure
 * @throws the error of zlib when it is no whole gzip: then nothing of it may be written again
 */
export async function eraseObject(
  content: Uint8Array,
  subjects: Subjects,
  at: string,
): Promise<ErasedObject> {
  const text = await decompress(content, { maxOutputLength: MAX_OUTPUT });
  const erased: Envelope[] = [];
  const before: Envelope[] = [];
  const unknown: Envelope[] = [];
  const unreadable: { line: number; reason: string; named: boolean }[] = [];
  const pieces: (Buffer | string)[] = [];
  let lines = 0;
  for (const bytes of linesOf(text)) {
    lines += 1;
    pieces.push(bytes);
    const line = bytes.toString('utf8');
    const read = readLine(line);
    if ('reason' in read) {
      unreadable.push({ line: lines, reason: read.reason, named: subjects.isNamedIn(line) });
      continue;
    }
    const { event, archived } = read;
    if (isErased(event)) before.push(event);
    const whose = subjects.judge(wholeEvent(read));
    if (whose === 'unknown') unknown.push(event);
    if (whose !== 'theirs') continue;
    erased.push(event);
    const end = bytes.at(-1) === LINE_END ? '\n' : '';
    pieces.splice(-1, 1, `${erasedLine(archived, erasedEvent(event, at, subjects))}${end}`);
  }
  const found = { lines, erased, before, unknown, unreadable };
  if (erased.length === 0) return found;
  const all = Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)));
  return { ...found, content: await compress(all) };
}

/** The lines with their ends. The last one may have none. */
function* linesOf(text: Buffer): Generator<Buffer> {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf(LINE_END, start);
    const next = end < 0 ? text.length : end + 1;
    yield text.subarray(start, next);
    start = next;
  }
}
