import type { Envelope } from './envelope.ts';

/** How long the bus keeps data that was too large for a message: longer than a message can live in a consumer's queues. */
export const LARGE_DATA_DAYS = 28;

/** Where large data lies in the bucket of the bus. */
export const LARGE_DATA_PREFIX = 'events/';

/** Data that was put into a bucket, and how to tell that it is still the same. */
export interface LargeData {
  readonly bucket: string;
  readonly key: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** What the link and its two companions add to an event at most: a bucket's name has 63 characters, a hash 64. */
export const LARGE_DATA_LINK_BYTES = 512;

/** How a link begins that the bus has made. */
export const LARGE_DATA_SCHEME = 's3:';
const SHA256 = /^[0-9a-f]{64}$/;

/**
 * The event with a link in the place of its data (the claim check pattern).
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/extensions/dataref.md
 */
export function withoutLargeData(event: Envelope, { bucket, key, bytes, sha256 }: LargeData): Envelope {
  const { data: _, ...rest } = event;
  return { ...rest, dataref: `${LARGE_DATA_SCHEME}//${bucket}/${key}`, datasize: bytes, datasha256: sha256 };
}

/** Whether the link of an event is one that only the bus itself makes. */
export function isLargeDataLink(dataref: string): boolean {
  return dataref.startsWith(LARGE_DATA_SCHEME);
}

/**
 * The claim that an event carries, or undefined when it carries none.
 *
 * @throws RangeError when the link is none of the bus's
 */
export function largeDataOf({ data, dataref, datasize, datasha256 }: Envelope): LargeData | undefined {
  if (data !== undefined || dataref === undefined || !isLargeDataLink(dataref)) return undefined;
  const { hostname: bucket, pathname } = new URL(dataref);
  const key = pathname.slice(1);
  if (
    !key.startsWith(LARGE_DATA_PREFIX) ||
    typeof datasize !== 'number' ||
    typeof datasha256 !== 'string' ||
    !SHA256.test(datasha256)
  ) {
    throw new RangeError(
      `the link ${dataref} is not one that the bus has made, with datasize and datasha256`,
    );
  }
  return { bucket, key, bytes: datasize, sha256: datasha256 };
}
