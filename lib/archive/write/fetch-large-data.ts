import { sha256 } from '../../aws/signature.ts';
import type { Envelope } from '../../contracts/envelope/envelope.ts';
import { type LargeData, largeDataOf } from '../../contracts/envelope/large-data.ts';
import { type DataBucket, ObjectTooLargeError } from '../../publishing/large-data/data-bucket.ts';

/** The data that is not in the event itself, as text; or why there is none. An event that has all its data in it has neither. */
export interface FetchedData {
  readonly text?: string;
  /** Why the data is not there any more, for the log. */
  readonly missing?: string;
}

/**
 * Fetches the data of an event that was too large for a message.
 *
 * @throws Error when S3 does not answer, or refuses: the data may be available later
 */
export async function fetchLargeData(
  bucket: DataBucket,
  event: Envelope,
  signal: AbortSignal,
): Promise<FetchedData> {
  const claim = claimOf(event);
  if (claim === undefined) return {};
  if (typeof claim === 'string') return { missing: claim };
  if (claim.bucket !== bucket.name)
    return { missing: `it is in the bucket ${claim.bucket}, which is not that of the bus` };
  const { key, bytes } = claim;
  const text = await bucket.get(key, { maxBytes: bytes, signal }).catch((error: unknown) => {
    // Somebody has replaced it, so the data of the event does not exist any more.
    if (error instanceof ObjectTooLargeError) return error;
    throw error;
  });
  if (text === undefined) return { missing: 'it has expired or was deleted' };
  if (typeof text !== 'string') return { missing: text.message };
  if (sha256(text) !== claim.sha256) return { missing: 'it was replaced: its hash is another' };
  return { text };
}

/** How many bytes of large data an event refers to; 0 when it refers to none. */
export function largeBytesOf(event: Envelope): number {
  const claim = claimOf(event);
  return typeof claim === 'object' ? claim.bytes : 0;
}

/** What an event refers to, undefined when it refers to nothing, or what is wrong with its link. */
function claimOf(event: Envelope): LargeData | string | undefined {
  try {
    return largeDataOf(event);
  } catch (error) {
    // The bus has not made this link, so no consumer gets data by it either. The event is archived as it is.
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}
