import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { MAX_REQUEST_BYTES } from '../../contracts/envelope/request-limits.ts';
import { readObjectKey } from '../object-key.ts';
import type { ArchiveStore } from './archive-store.ts';
import { gunzip } from './gunzip.ts';
import { type ReadEvent, readLine } from './read-line.ts';
import { type SplitLine, splitLines } from './split-lines.ts';

/** An event, and where in its object it is. */
export interface ArchivedLine extends ReadEvent {
  readonly key: string;
  /** Number of the line in its object, from 1. */
  readonly line: number;
}

/** A part of the archive that could not be read. */
export interface ArchiveProblem {
  readonly key: string;
  /** The line, from 1. @default - what is wrong is not in one line */
  readonly line?: number | undefined;
  readonly reason: string;
}

export interface ReadObjectOptions {
  /** Called for each line that is none, and when the rest of the object cannot be read. The reading goes on where it can. */
  readonly onProblem: (problem: ArchiveProblem) => void;
  /** Number of lines to leave out at the beginning, because they were read before. @default 0 */
  readonly after?: number | undefined;
}

/**
 * Data of a request and a message are both in a line as text in JSON, where a character may need two. It holds for what the bus writes;
 * a longer line would have to be in memory as a whole.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const MAX_LINE_BYTES = 2 * (MAX_REQUEST_BYTES + 1_048_576) + 65_536;

/** A connection that breaks in the middle of an object is no fault of the object. The client of S3 repeats only what precedes the answer. */
const TRIES = 3;
const PAUSE_MS = 200;
/** A connection that has sent nothing for so long is dead. The SDK waits for it without a limit. */
const SILENCE_MS = 30_000;

/**
 * Reads the events of an object, line by line: memory holds one line, and not the object. It throws nothing: what cannot be read is a
 * problem that names the object and the line, and the rest is read as far as possible.
 */
export async function* readObject(
  store: ArchiveStore,
  key: string,
  { onProblem, after = 0 }: ReadObjectOptions,
): AsyncGenerator<ArchivedLine> {
  let line = after;
  for (let attempt = 1; ; attempt++) {
    try {
      for await (const split of linesAfter(store, key, line)) {
        line += 1;
        const read = 'tooLong' in split ? TOO_LONG : readLine(split.text);
        if ('reason' in read) onProblem({ key, line, reason: read.reason });
        else yield { ...read, key, line };
      }
      break;
    } catch (error) {
      // The object is given up here, and only it: what can be wrong is the object itself, the permission to read it, or the connection.
      if (attempt < TRIES && isBroken(error)) await sleep(PAUSE_MS * attempt);
      else return onProblem({ key, line: line + 1, reason: describeError(error) });
    }
  }
  const { events } = readObjectKey(key) ?? {};
  if (events !== undefined && events !== line)
    onProblem({ key, reason: `it has ${line} lines, but was written with ${events}` });
}

const TOO_LONG = { reason: `it is longer than ${MAX_LINE_BYTES} bytes` };

/** Marks what went wrong after the store has answered: it may be repeated. */
class BrokenStreamError extends Error {
  override readonly name = 'BrokenStreamError';
}

async function* linesAfter(store: ArchiveStore, key: string, after: number): AsyncGenerator<SplitLine> {
  let left = after;
  for await (const lines of splitLines(gunzip(bytesOf(store, key)), MAX_LINE_BYTES)) {
    const wanted = left > 0 ? lines.slice(left) : lines;
    left = Math.max(0, left - lines.length);
    yield* wanted;
  }
}

async function* bytesOf(store: ArchiveStore, key: string): AsyncGenerator<Buffer> {
  const stream = await store.open(key);
  try {
    for await (const chunk of unlessSilent(stream)) yield Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk);
  } catch (cause) {
    throw new BrokenStreamError(`the connection broke: ${describeError(cause)}`, { cause });
  }
}

/** The chunks of a stream, which breaks when the next one does not come in time. The time in which nobody reads does not count. */
async function* unlessSilent(stream: Readable) {
  const chunks = stream[Symbol.asyncIterator]();
  const silence = new Error(`it has sent nothing for ${SILENCE_MS} ms`);
  try {
    for (;;) {
      const timer = setTimeout(() => stream.destroy(silence), SILENCE_MS);
      const { done, value } = await chunks.next().finally(() => clearTimeout(timer));
      if (done) return;
      yield value;
    }
  } finally {
    // Destroys the stream when its reader ends early.
    await chunks.return?.();
  }
}

function isBroken(error: unknown): boolean {
  return error instanceof BrokenStreamError;
}

function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { name, message } = error;
  if ('code' in error && String(error.code).startsWith('Z_')) return `it is no whole gzip: ${message}`;
  return name === 'Error' || error instanceof BrokenStreamError ? message : `${name}: ${message}`;
}
