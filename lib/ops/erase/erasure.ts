import type { Subjects } from '../../archive/erase/subjects.ts';
import type { OpsClients } from '../clients.ts';
import type { DeployedConsumer } from '../deployment.ts';
import type { Problem } from '../problem.ts';
import type { KeptReplay } from './kept-replays.ts';
import type { ObjectStore } from './object-store.ts';

/** Something of a person that is still there, and why. */
export interface Left {
  /** Where: a key of the bucket, a queue, a table or a file, and what of it. */
  readonly what: string;
  readonly why: string;
}

/** What an erasure works with, and what it notes on its way. */
export interface Erasure {
  readonly clients: OpsClients;
  readonly subjects: Subjects;
  /** Whether it only looks. It notes the same then. */
  readonly dryRun: boolean;
  /** RFC 3339 time that erased events get. */
  readonly at: string;
  /** The buckets of the buses whose stacks are here, by their names. */
  readonly buckets: ReadonlyMap<string, ObjectStore>;
  readonly consumers: readonly DeployedConsumer[];
  /** Of all buses, as they were when it began. */
  readonly replays: readonly KeptReplay[];
  readonly signal: AbortSignal;
  readonly notes: Notes;
}

/** What was found. */
export interface Notes {
  /** What is still there. */
  readonly left: Left[];
  /** Events of which it is not known whose they are, because their data is not on the bus. */
  readonly unknown: Left[];
  /** What could not be read. */
  readonly problems: Problem[];
  /** Keys of large data that was deleted. */
  readonly largeData: Set<string>;
  /** Idempotency records that were cleaned, by table and key. */
  readonly records: Set<string>;
  /** Records whose dead letter was deleted, by table and key. */
  readonly purged: Set<string>;
}

/** What a record is noted by. @param key as `recordKey` of the contracts makes it: of its event and, if that was repeated, of the replay */
export function noteOf(table: string, key: string): string {
  return `${table} ${key}`;
}

export function newNotes(): Notes {
  return { left: [], unknown: [], problems: [], largeData: new Set(), records: new Set(), purged: new Set() };
}
