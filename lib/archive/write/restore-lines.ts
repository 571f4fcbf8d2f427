import type { SQSRecord } from 'aws-lambda';
import { toError } from '../../contracts/text/error-reason.ts';
import type { DataBucket } from '../../publishing/large-data/data-bucket.ts';
import type { ArchivedEvent } from '../archived-event.ts';
import type { ArchiveLog } from './archive-log.ts';
import { type FetchedData, fetchLargeData } from './fetch-large-data.ts';
import type { ReadRecord } from './read-records.ts';

/** Objects that are read at once. */
const AT_ONCE = 8;

/** What was read of the large data of an event, or why it could not be read now. */
type Outcome = FetchedData & { readonly error?: Error };

/** The messages of a batch that are delivered again. */
export interface ComingAgain {
  readonly records: Set<SQSRecord>;
  /** Message groups of a FIFO queue of which a message comes again: so all later ones have to. */
  readonly groups: Set<string>;
}

/**
 * The lines of events, with their large data. An event whose data is gone has a line without it. An event whose data cannot be read now
 * comes again, and with it all later events of its group on a FIFO queue, so that they stay in order.
 *
 * @param again what comes again of the batch; gets what is added here
 */
export async function restoreLines(
  { bucket, log }: { readonly bucket: DataBucket; readonly log: ArchiveLog },
  records: readonly ReadRecord[],
  again: ComingAgain,
  signal: AbortSignal,
): Promise<readonly ArchivedEvent[]> {
  const outcomes = await fetchAll(bucket, records, signal);
  return records.flatMap(({ record, line }) => {
    const { error, text, missing } = outcomes.get(record) ?? {};
    const group = groupOf(record);
    if (error) log.notRead(record.messageId, error);
    if (error || (group !== undefined && again.groups.has(group))) {
      again.records.add(record);
      if (group !== undefined) again.groups.add(group);
      return [];
    }
    if (missing !== undefined) log.gone(record.messageId, missing);
    return [text === undefined ? line : { ...line, largeData: text }];
  });
}

async function fetchAll(
  bucket: DataBucket,
  records: readonly ReadRecord[],
  signal: AbortSignal,
): Promise<ReadonlyMap<SQSRecord, Outcome>> {
  const outcomes = new Map<SQSRecord, Outcome>();
  const rest = records.values();
  const worker = async (): Promise<void> => {
    for (const { record, event } of rest) {
      outcomes.set(
        record,
        await fetchLargeData(bucket, event, signal).catch((error: unknown) => ({ error: toError(error) })),
      );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return outcomes;
}

/** The message group of a message of a FIFO queue. On a standard queue it has a group for fairness, and no order. */
function groupOf({ attributes: { SequenceNumber, MessageGroupId } }: SQSRecord): string | undefined {
  return SequenceNumber === undefined ? undefined : MessageGroupId;
}
