import { createHash } from 'node:crypto';
import { type Envelope, identityOf, lacksData } from './envelope.ts';
import { MAX_REQUEST_BYTES } from './request-limits.ts';

/** How long the bus keeps data that was too large for a message: longer than a message can live in a consumer's queues. */
export const LARGE_DATA_DAYS = 28;

/** Where large data lies in the bucket of the bus. */
export const LARGE_DATA_PREFIX = 'large/';

/** Where it lay before the type was part of the key. Nothing is read from there; what is left there expires. */
export const FORMER_LARGE_DATA_PREFIX = 'events/';

/** Data that was put into a bucket, and how to tell that it is still the same. */
export interface LargeData {
  readonly bucket: string;
  readonly key: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** What the link and its two companions add to an event at most, beside its type: a bucket's name has 63 characters, a hash 64. */
export const LARGE_DATA_LINK_BYTES = 512;

/** How a link begins that the bus has made. */
export const LARGE_DATA_SCHEME = 's3:';
const SHA256 = /^[0-9a-f]{64}$/;
/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** A type as contracts have it: none of its characters means anything in a key, a URL or a policy. */
const TYPE = /^[A-Za-z0-9.]+$/;

/** Where the data of events of this type lies; a policy that names it lets nobody read another type's. */
export function largeDataPrefix(versionedType: string): string {
  return `${LARGE_DATA_PREFIX}${versionedType}/`;
}

/**
 * The key of an event's data: `large/<type>/<hash of source and id>/<hash of the data>`. So a repeated event writes the same
 * object again, and nobody finds another's data under an identity of their own.
 *
 * @param event with the type that it has on the wire
 * @throws RangeError when the type is none that a contract can have
 */
export function largeDataKey(event: Pick<Envelope, 'type' | 'source' | 'id'>, sha256: string): string {
  if (!TYPE.test(event.type)) throw new RangeError(`the type ${event.type} cannot be part of a key`);
  const identity = createHash('sha256').update(identityOf(event)).digest('hex');
  return `${largeDataPrefix(event.type)}${identity}/${sha256}`;
}

/**
 * The event with a link in the place of its data (the claim check pattern).
 *
 * @param datadigest of what the event says, by which a repetition is told from another event
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

/** Whether the link of an event is one that only the bus itself makes. */
export function isLargeDataLink(dataref: string): boolean {
  return dataref.startsWith(LARGE_DATA_SCHEME);
}

/**
 * The claim that an event carries, or undefined when it carries none.
 *
 * A claim is bound to its event: there is one link, letter for letter, that an event of this type, source, id and hash can have. It
 * is made anew and compared; nothing of the link given is ever taken for an address.
 *
 * @param event as it was read; before that, as it is on the wire without `upcastfrom`
 * @throws RangeError when the link is not the one that the bus has made for this event
 */
export function largeDataOf(event: Envelope): LargeData | undefined {
  const { dataref = '', datasize, datasha256, upcastfrom, type } = event;
  if (!lacksData(event) || !isLargeDataLink(dataref)) return undefined;
  const bucket = dataref.slice(`${LARGE_DATA_SCHEME}//`.length).split('/', 1)[0] ?? '';
  if (
    BUCKET.test(bucket) &&
    typeof datasize === 'number' &&
    datasize >= 0 &&
    datasize <= MAX_REQUEST_BYTES &&
    typeof datasha256 === 'string' &&
    SHA256.test(datasha256)
  ) {
    const key = largeDataKey({ ...event, type: upcastfrom ?? type }, datasha256);
    if (dataref === `${LARGE_DATA_SCHEME}//${bucket}/${key}`)
      return { bucket, key, bytes: datasize, sha256: datasha256 };
  }
  throw new RangeError(`its link is not one that the bus has made for this event${formerly(dataref)}`);
}

/** What to do about an event that an earlier version has published. */
function formerly(dataref: string): string {
  const former = dataref.includes(`/${FORMER_LARGE_DATA_PREFIX}`);
  return former ? '; it has the form of an earlier version of Fanfare: publish the event again' : '';
}
