import { createHash } from 'node:crypto';
import { type Envelope, identityOf, lacksData } from './envelope.ts';
import { COMPLETION_BYTES, MAX_REQUEST_BYTES } from './request-limits.ts';

/** How long the bus keeps data that was too large for a message, in days. A message cannot stay longer in a queue and its dead-letter queue. */
export const LARGE_DATA_DAYS = 28;

/** Key prefix of large data in the bucket of the bus. */
export const LARGE_DATA_PREFIX = 'large/';

/** Key prefix of earlier releases, whose keys had no type. Nothing is read from there, and old objects expire. */
export const FORMER_LARGE_DATA_PREFIX = 'events/';

/** Data that is stored in a bucket, with its size and hash to detect changes. */
export interface LargeData {
  readonly bucket: string;
  readonly key: string;
  readonly bytes: number;
  /** Hash of the data, in hexadecimal. */
  readonly sha256: string;
}

/**
 * Maximum bytes of the data. It can be a little longer than the request in which it came, because it is written anew, and then numbers may be
 * longer: `1e20` becomes 100000000000000000000.
 */
const MAX_LARGE_DATA_BYTES = MAX_REQUEST_BYTES + COMPLETION_BYTES;

/** Maximum bytes that `dataref`, `datasize` and `datasha256` add to an event, without its type. A bucket's name has 63 characters, a hash 64. */
export const LARGE_DATA_LINK_BYTES = 512;

/** The beginning of a link that the bus has made. */
export const LARGE_DATA_SCHEME = 's3:';
const SHA256 = /^[0-9a-f]{64}$/;
/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** The type of a contract. None of these characters has a special meaning in a key, a URL or a policy. */
const TYPE = /^[A-Za-z0-9.]+$/;

/** Key prefix of the data of one event type. A policy for this prefix does not allow access to data of other types. */
export function largeDataPrefix(versionedType: string): string {
  return `${LARGE_DATA_PREFIX}${versionedType}/`;
}

/**
 * The key of an event's data: `large/<type>/<hash of source and id>/<hash of the data>`. So a repeated event writes the same object
 * again, and an event can only refer to data that was stored under its own identity.
 *
 * @param event the event with its type on the wire
 * @throws RangeError when a contract cannot have this type
 */
export function largeDataKey(event: Pick<Envelope, 'type' | 'source' | 'id'>, sha256: string): string {
  if (!TYPE.test(event.type)) throw new RangeError(`the type ${event.type} cannot be part of a key`);
  const identity = createHash('sha256').update(identityOf(event)).digest('hex');
  return `${largeDataPrefix(event.type)}${identity}/${sha256}`;
}

/**
 * The event with a link instead of its data (the claim check pattern).
 *
 * @param datadigest digest of the event's content, to distinguish a duplicate from another event with the same identity
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/extensions/dataref.md
 */
export function withoutLargeData(
  event: Envelope,
  { bucket, key, bytes, sha256 }: LargeData,
  datadigest: string | undefined,
): Envelope {
  const { data: _, ...rest } = event;
  return {
    ...rest,
    dataref: `${LARGE_DATA_SCHEME}//${bucket}/${key}`,
    datasize: bytes,
    datasha256: sha256,
    ...(datadigest !== undefined && { datadigest }),
  };
}

/** Whether a link has the form that only the bus may set. */
export function isLargeDataLink(dataref: string): boolean {
  return dataref.startsWith(LARGE_DATA_SCHEME);
}

/**
 * The stored data that an event refers to; undefined when it refers to none.
 *
 * An event with a certain type, source, id and hash can have exactly one link. This function calculates that link and compares it with the
 * given one. It never uses the given link as an address.
 *
 * @param event the event after it was read; or the event on the wire, without `upcastfrom`
 * @throws RangeError when the link is not the one of this event
 */
export function largeDataOf(event: Envelope): LargeData | undefined {
  const { dataref = '', datasize, datasha256, upcastfrom, type } = event;
  if (!lacksData(event) || !isLargeDataLink(dataref)) return undefined;
  const bucket = dataref.slice(`${LARGE_DATA_SCHEME}//`.length).split('/', 1)[0] ?? '';
  if (
    BUCKET.test(bucket) &&
    typeof datasize === 'number' &&
    datasize >= 0 &&
    datasize <= MAX_LARGE_DATA_BYTES &&
    typeof datasha256 === 'string' &&
    SHA256.test(datasha256)
  ) {
    const key = largeDataKey({ ...event, type: upcastfrom ?? type }, datasha256);
    if (dataref === `${LARGE_DATA_SCHEME}//${bucket}/${key}`)
      return { bucket, key, bytes: datasize, sha256: datasha256 };
  }
  throw new RangeError(`the bus has not made this link for this event${adviceOnFormerLink(dataref)}`);
}

/** What to do with an event that an earlier release has published. */
function adviceOnFormerLink(dataref: string): string {
  const former = dataref.includes(`/${FORMER_LARGE_DATA_PREFIX}`);
  return former ? '; the link has the form of an earlier version of Fanfare, so publish the event again' : '';
}
