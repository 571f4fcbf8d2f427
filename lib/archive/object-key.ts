import { createHash } from 'node:crypto';

/** Key prefix of everything that is archived, in the bucket of the bus. The version changes when lines or keys do. */
export const ARCHIVE_PREFIX = 'archive/v1/';

/** What the key of an object says of the lines in it. */
export interface ObjectFacts {
  /** Start of the hour in which its events arrived, in epoch milliseconds. */
  readonly hour: number;
  /** When the object was written, in epoch milliseconds. Objects of one hour are in this order. */
  readonly writtenAt: number;
  /** Distinguishes objects that were written in the same millisecond. */
  readonly writer: string;
  /** How many lines it has. */
  readonly events: number;
  /** Marks of the types in it; undefined: more than fit into a key, so it may have any. */
  readonly types: ReadonlySet<string> | undefined;
  /** Marks of the sources in it; undefined: more than fit into a key, so it may have any. */
  readonly sources: ReadonlySet<string> | undefined;
}

export const HOUR_MS = 3_600_000;
/** So a key stays far below 1,024 bytes: 2 x 32 marks of 6 characters. */
const MAX_MARKS = 32;
const ANY = 'any';
const KEY =
  /^archive\/v1\/date=(\d{4}-\d\d-\d\d)\/hour=(\d\d)\/(\d{13})-([0-9a-f]+)-n(\d+)-t([0-9a-f.]+|any)-s([0-9a-f.]+|any)\.ndjson\.gz$/;

/** The key prefix of an hour, such as `archive/v1/date=2026-11-27/hour=04/`. Athena reads both parts as columns. */
export function hourPrefix(hour: number): string {
  const iso = new Date(hour).toISOString();
  return `${ARCHIVE_PREFIX}date=${iso.slice(0, 10)}/hour=${iso.slice(11, 13)}/`;
}

/** The hour in which a moment lies, in epoch milliseconds. */
export function hourOf(moment: number): number {
  return Math.floor(moment / HOUR_MS) * HOUR_MS;
}

/**
 * The mark of a type or source in a key: 5 hexadecimal digits of its hash. Two names may have one mark, so a mark only says where a name
 * cannot be.
 */
export function markOf(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 5);
}

/** The key of an object. The marks let a reader of one type or source leave out most objects without opening them. */
export function objectKey({ hour, writtenAt, writer, events, types, sources }: ObjectFacts): string {
  const name = `${String(writtenAt).padStart(13, '0')}-${writer}-n${events}-t${marks(types)}-s${marks(sources)}`;
  return `${hourPrefix(hour)}${name}.ndjson.gz`;
}

/** The facts in the key of an object; undefined when it is no key of the archive. */
export function readObjectKey(key: string): ObjectFacts | undefined {
  const [, date, hour, writtenAt, writer = '', events, types = ANY, sources = ANY] = KEY.exec(key) ?? [];
  if (date === undefined) return undefined;
  return {
    hour: Date.parse(`${date}T${hour}:00:00Z`),
    writtenAt: Number(writtenAt),
    writer,
    events: Number(events),
    types: readMarks(types),
    sources: readMarks(sources),
  };
}

function marks(set: ReadonlySet<string> | undefined): string {
  return set === undefined || set.size === 0 || set.size > MAX_MARKS ? ANY : [...set].toSorted().join('.');
}

function readMarks(text: string): ReadonlySet<string> | undefined {
  return text === ANY ? undefined : new Set(text.split('.'));
}
