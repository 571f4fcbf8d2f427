import { largeDataOf } from '../../contracts/envelope/large-data.ts';
import type { DataBucket } from '../../publishing/large-data/data-bucket.ts';
import type { ReadEvent } from '../read/read-line.ts';

/**
 * Puts the data of large events back to where their links lead, before they are sent. It is written also if it is still there: written now,
 * it stays for as long as the message can live.
 *
 * @throws Error of S3, when it still does not take an object after some tries
 */
export async function restoreData(
  bucket: Pick<DataBucket, 'name' | 'put'>,
  lines: readonly ReadEvent[],
): Promise<void> {
  await Promise.all(
    lines.map(async ({ archived: { largeData }, event }) => {
      if (largeData === undefined) return;
      const link = linkOf(event);
      // Data of a bucket that was replaced cannot be put back: the consumer says so in its dead letter.
      if (link?.bucket === bucket.name) await bucket.put(link.key, largeData);
    }),
  );
}

function linkOf(event: ReadEvent['event']) {
  try {
    return largeDataOf(event);
  } catch (error) {
    // The link is not of this event, for which the consumer refuses it too, with this reason.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
