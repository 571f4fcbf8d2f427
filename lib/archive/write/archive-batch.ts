import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { chunkEntries } from '../../aws/chunk-entries.ts';
import { toError } from '../../contracts/text/error-reason.ts';
import type { DataBucket } from '../../publishing/large-data/data-bucket.ts';
import { hourOf } from '../object-key.ts';
import type { ArchiveLog } from './archive-log.ts';
import { makeObject } from './archive-object.ts';
import type { BuryUnreadable } from './bury-unreadable.ts';
import { largeBytesOf } from './fetch-large-data.ts';
import { type ReadRecord, readRecords, type UnreadableRecord } from './read-records.ts';
import { type ComingAgain, restoreLines } from './restore-lines.ts';

/** What the archive function works with. */
export interface ArchivePorts {
  readonly bucket: DataBucket;
  readonly log: ArchiveLog;
  readonly bury: BuryUnreadable;
  /** Moment and writer of the next object: later than those before, because readers take the objects of an hour in this order. */
  nextName(): { readonly writtenAt: number; readonly writer: string };
}

/** How long the function may work on a batch. */
export interface ArchiveTime {
  /** Fires when no more large data may be read, so that time is left to write. An event whose data is not read by then comes again. */
  readonly reading: AbortSignal;
  /** Fires when all requests have to end. */
  readonly all: AbortSignal;
}

/** Bytes of events that one object may have before it is compressed. So memory is bounded whatever large data a batch refers to. */
const MAX_OBJECT_BYTES = 16 * 1024 ** 2;
/**
 * S3 moves what nobody reads to cheaper storage, and asks nothing for reading it again. Large data is in another class, so the alarm over
 * its volume leaves the archive out.
 */
const STORAGE_CLASS = 'INTELLIGENT_TIERING';
/** Messages in the largest batch that Lambda hands over. */
const MAX_OBJECT_EVENTS = 10_000;

/**
 * Writes the events of a batch to the archive: one object for each hour in which they arrived, or several if large data makes it too big.
 *
 * A message is acknowledged only when its event is in an object that S3 has accepted. A message without an event goes to
 * the dead-letter queue with the reason, and is acknowledged when it is there. When an object is not written, nothing after it is tried, so that no event overtakes an earlier one.
 *
 * @returns the messages that are delivered again
 */
export async function archiveBatch(
  ports: ArchivePorts,
  records: readonly SQSRecord[],
  time: ArchiveTime,
): Promise<SQSBatchResponse> {
  const { read, unreadable } = readRecords(records);
  const again: ComingAgain = { records: new Set(), groups: new Set() };
  const portions = portionsOf(read);
  for (const [index, portion] of portions.entries()) {
    try {
      const written = await archivePortion(ports, portion, again, time);
      if (written) ports.log.written(written);
    } catch (error) {
      // What is not written is delivered again. Nothing of it is acknowledged.
      const rest = portions.slice(index).flatMap(({ records: some }) => some);
      for (const { record } of rest) again.records.add(record);
      ports.log.notWritten(rest.length, toError(error));
      break;
    }
  }
  // Only now, when no event waits for it.
  await buryAll(ports, unreadable, again, time.all);
  return { batchItemFailures: [...again.records].map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

async function buryAll(
  { bury, log }: ArchivePorts,
  unreadable: readonly UnreadableRecord[],
  again: ComingAgain,
  signal: AbortSignal,
): Promise<void> {
  if (unreadable.length === 0) return;
  const refused = await bury(unreadable, signal);
  for (const { record, error } of unreadable) {
    const refusal = refused.get(record.messageId);
    if (refusal) {
      log.notBuried(record.messageId, refusal);
      again.records.add(record);
    } else log.unreadable(record.messageId, error);
  }
}

/** Events that become one object. */
interface Portion {
  readonly hour: number;
  readonly records: readonly ReadRecord[];
}

function portionsOf(read: readonly ReadRecord[]): readonly Portion[] {
  const limits = { maxEntries: MAX_OBJECT_EVENTS, maxBytes: MAX_OBJECT_BYTES };
  const hours = Map.groupBy(read, ({ line }) => hourOf(Date.parse(line.arrivedAt)));
  return [...hours]
    .toSorted(([one], [other]) => one - other)
    .flatMap(([hour, records]) =>
      chunkEntries(records, bytesOf, limits).map((portion) => ({ hour, records: portion })),
    );
}

function bytesOf({ record, event }: ReadRecord): number {
  return Buffer.byteLength(record.body) + largeBytesOf(event);
}

/** Writes what need not come again. @throws Error when they are not written */
async function archivePortion(
  { bucket, log, nextName }: ArchivePorts,
  { hour, records }: Portion,
  again: ComingAgain,
  { reading, all }: ArchiveTime,
): Promise<{ readonly key: string; readonly bytes: number; readonly events: number } | undefined> {
  const lines = await restoreLines({ bucket, log }, records, again, reading);
  if (lines.length === 0) return undefined;
  all.throwIfAborted();
  const { key, content } = await makeObject(lines, { hour, ...nextName() });
  all.throwIfAborted();
  await bucket.put(key, content, { signal: all, storageClass: STORAGE_CLASS });
  return { key, bytes: content.length, events: lines.length };
}
