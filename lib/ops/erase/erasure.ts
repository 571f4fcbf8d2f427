import type { Subjects } from '../../archive/erase/subjects.ts';
import type { OpsClients } from '../clients.ts';
import type { DeployedConsumer } from '../deployment.ts';
import type { Problem } from '../problem.ts';
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
  /** Idempotency records that were cleaned, by table and identity. */
  readonly records: Set<string>;
  /** Records whose dead letter was deleted, by table and identity. */
  readonly purged: Set<string>;
}

/** What identifies a record. @param identity `<source>|<id>` of its event */
export function recordKey(table: string, identity: string): string {
  return `${table} ${identity}`;
}

export function newNotes(): Notes {
  return { left: [], unknown: [], problems: [], largeData: new Set(), records: new Set(), purged: new Set() };
}
