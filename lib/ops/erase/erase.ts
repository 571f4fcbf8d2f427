import { createSubjects } from '../../archive/erase/subjects.ts';
import type { EventContract } from '../../contracts/define-event.ts';
import type { OpsClients, Target } from '../clients.ts';
import { countMessages, totalOf } from '../count-messages.ts';
import type { Deployment } from '../deployment.ts';
import type { Whereabouts } from '../fanfare-command.ts';
import { attempt, type Problem } from '../problem.ts';
import { queueName } from '../queue-name.ts';
import type { ArchiveRequest } from './erase-archive.ts';
import { type ErasedArchives, eraseArchives } from './erase-archives.ts';
import { deadLetterQueues, type ErasedQueue, eraseDeadLetters } from './erase-dead-letters.ts';
import { type ErasedFile, erasePurgeFiles } from './erase-purge-files.ts';
import { eraseReplays } from './erase-replays.ts';
import { eraseScheduled } from './erase-scheduled.ts';
import { type Erasure, type Left, newNotes } from './erasure.ts';
import { readKeptReplays } from './kept-replays.ts';
import { type LogRetention, readLogRetention } from './log-retention.ts';
import { createObjectStore } from './object-store.ts';
import {
  openAmong,
  type ReplayAhead,
  readOpenReplays,
  refuseUnlessKnown,
  refuseWhileOpen,
} from './open-replays.ts';

export interface EraseRequest {
  /** The persons, as the contracts name them. */
  readonly subjects: readonly string[];
  readonly contracts: readonly EventContract[];
  /** Arrival of the events in the archive, in epoch milliseconds: from `from`, and before `to`. Everything else is looked through as a whole. */
  readonly from: number;
  readonly to: number;
  /** Whether it only says what it would do. */
  readonly dryRun: boolean;
  /** Where purge files are. */
  readonly folder: string;
  /** Purge files elsewhere. */
  readonly files: readonly string[];
  /** Ends the work after what has begun. Running it again does the rest. */
  readonly signal: AbortSignal;
  readonly onProgress?: ArchiveRequest['onProgress'];
}

/** What an erasure has found, erased and left. */
export interface EraseReport {
  readonly dryRun: boolean;
  readonly subjects: readonly string[];
  /** Whether it has looked through everything. */
  readonly stopped: boolean;
  /** Of all buses. Null: there is no archive, or none could be listed, which is among the problems. */
  readonly archive: ErasedArchives | null;
  /** Events that would have come later, and are cancelled: their schedules. */
  readonly scheduled: number;
  /** Objects of large data that are deleted. */
  readonly largeData: number;
  readonly deadLetters: readonly ErasedQueue[];
  /** Idempotency records from which what is personal is removed. */
  readonly records: number;
  readonly purgeFiles: readonly ErasedFile[];
  /** Ended replays from which what names the persons is removed. */
  readonly replays: number;
  /** What is still there of the persons, and why. */
  readonly left: readonly Left[];
  /** Events of which it is not known whose they are. */
  readonly unknown: readonly Left[];
  /** Types that no contract knows. They were compared by their attribute `subject`. */
  readonly unknownTypes: readonly string[];
  /**
   * Replays that may have read events before they were erased: they began meanwhile. In a dry run, those that are open: the erasure is refused
   * until they have ended.
   */
  readonly openReplays: readonly ReplayAhead[];
  /** Messages that wait, of anybody: they take effect or die. Run the erasure again when they have. */
  readonly waiting: readonly { readonly queue: string; readonly messages: number }[];
  /** Logs are not touched. */
  readonly logs: readonly LogRetention[];
  readonly problems: readonly Problem[];
}

/**
 * Erases what a deployment holds of some persons: in the archive, in large data, in dead letters, in events that come later, in idempotency records and in purge
 * files. Whenever it is ended, running it again does the rest. Nothing of anybody else is changed.
 *
 * @throws ErasureRefusedError while a replay is open, which could bring back what is erased, or while that is not known; not in a dry run
 */
export async function erase(
  {
    clients,
    deployment,
    place,
  }: { readonly clients: OpsClients; readonly deployment: Deployment; readonly place: Target },
  request: EraseRequest,
): Promise<EraseReport> {
  const { dryRun, signal, folder, files } = request;
  const erasure = await beginErasure({ clients, deployment }, request);
  const { notes, subjects } = erasure;
  if (!dryRun) {
    refuseUnlessKnown(notes.problems);
    refuseWhileOpen(openAmong(erasure.replays), ...remedyOf(erasure, { deployment, place }));
  }
  // Dead letters go first: a record whose letter is deleted is finished when the archive comes to its event.
  const deadLetters: ErasedQueue[] = [];
  for (const queue of deadLetterQueues(deployment)) {
    if (signal.aborted) break;
    deadLetters.push(await eraseDeadLetters(erasure, queue));
  }
  const scheduled = await eraseScheduled(erasure, deployment.laters);
  const purgeFiles = await erasePurgeFiles(erasure, { deployment, folder, files });
  const { from, to, onProgress } = request;
  const range = { from, to };
  const archive = await eraseArchives(erasure, { clients, deployment, place, range, onProgress });
  const replays = await eraseReplays(erasure);
  const openReplays = await readOpenReplays(erasure, deployment);
  const waiting = await countWaiting(erasure, deployment);
  const { logs, problems } = await readLogRetention(clients, deployment);
  return {
    dryRun,
    subjects: request.subjects,
    stopped: signal.aborted,
    archive,
    scheduled,
    largeData: notes.largeData.size,
    deadLetters,
    records: notes.records.size,
    purgeFiles,
    replays,
    left: notes.left,
    unknown: notes.unknown,
    unknownTypes: [...subjects.unknownTypes].toSorted(),
    openReplays,
    waiting,
    logs,
    problems: [...notes.problems, ...problems],
  };
}

async function beginErasure(
  {
    clients,
    deployment: { dataBucketName, archives, consumers },
  }: { readonly clients: OpsClients; readonly deployment: Deployment },
  { subjects, contracts, dryRun, signal }: EraseRequest,
): Promise<Erasure> {
  const s3 = await clients.s3();
  const { replays, problems } = await readKeptReplays(clients.dynamodb, archives);
  const names = [
    ...archives.map(({ bucketName }) => bucketName),
    ...(dataBucketName ? [dataBucketName] : []),
  ];
  return {
    clients,
    subjects: createSubjects(
      subjects,
      contracts.flatMap(({ versions }) => versions),
    ),
    dryRun,
    at: new Date().toISOString(),
    buckets: new Map(names.map((name) => [name, createObjectStore(s3, name)])),
    consumers,
    replays,
    signal,
    notes: { ...newNotes(), problems: [...problems] },
  };
}

/** Where a replay can be cancelled, and which ones: the commands know those of the first bus. */
function remedyOf(
  { replays }: Erasure,
  { deployment, place }: { readonly deployment: Deployment; readonly place: Target },
): [Whereabouts, (id: string) => boolean] {
  const { app, stage, replays: first } = deployment;
  const known = new Set(replays.flatMap(({ table, state }) => (table === first?.tableName ? state.id : [])));
  return [{ place, app, stage }, (id) => known.has(id)];
}

async function countWaiting(
  { clients, notes }: Erasure,
  { consumers, archives, laters }: Pick<Deployment, 'consumers' | 'archives' | 'laters'>,
): Promise<EraseReport['waiting']> {
  const queues = [
    ...consumers.map(({ label, queueUrl }) => [label, queueUrl] as const),
    ...archives.map(({ queueUrl }) => ['archive', queueUrl] as const),
    // What is due within 15 minutes, and cancellations: also those of this erasure.
    ...laters.map(({ queueUrl }) => ['later', queueUrl] as const),
  ];
  const counted = await Promise.all(
    queues.map(async ([queue, url]) => {
      const resource = { resource: 'queue', name: queueName(url) };
      const { value, problems } = await attempt(resource, countMessages(clients, url).then(totalOf));
      notes.problems.push(...problems);
      return { queue, messages: value ?? 0 };
    }),
  );
  return counted.filter(({ messages }) => messages > 0);
}
