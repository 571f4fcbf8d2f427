import { createHash } from 'node:crypto';
import { canonicalJson } from '../../contracts/canonical-json.ts';
import { isConsumerSource } from '../../contracts/consumer-source.ts';
import { type Envelope, lacksData } from '../../contracts/envelope.ts';
import { eventName } from '../../contracts/event-name.ts';
import { isLargeDataLink } from '../../contracts/large-data.ts';
import type { IdempotencyRecord } from './record.ts';

/** What an event says, short enough for its record. */
export interface Content {
  /** The type on the wire, with its version. */
  readonly type: string;
  /** Undefined for what a consumer has emitted: a repeated attempt may emit other data, and the first one counts. */
  readonly digest: string | undefined;
}

/** 96 bits: nobody finds other data with the same digest, and it costs a record 24 bytes. */
const DIGEST_CHARACTERS = 16;

/**
 * What an event says, as it stands on the wire. Its `time`, its trace and the order of the members of its data differ from one
 * attempt of an honest publisher to the next, so they are not looked at.
 */
export function contentOf(event: Envelope): Content {
  const { type, source } = event;
  return { type, digest: isConsumerSource(source) ? undefined : digestOf(event) };
}

/**
 * Whether an event is another one than that of its record, although both have the same `source` and `id`. An event may be published in
 * several versions: data of different versions is not compared. Records of earlier releases have no digest.
 */
export function conflicts(content: Content, record: Pick<IdempotencyRecord, 'type' | 'digest'>): boolean {
  if (record.type === undefined) return false;
  if (record.type !== content.type) return eventName(record.type) !== eventName(content.type);
  return record.digest !== undefined && content.digest !== undefined && record.digest !== content.digest;
}

/** Of large data the bus has noted it before the data was put into the bucket; a link may be signed anew for each attempt. */
function digestOf(event: Envelope): string {
  const { subject = null, data = null, dataref = '', datadigest } = event;
  if (!lacksData(event)) return digest(['data', subject, data]);
  if (isLargeDataLink(dataref)) return String(datadigest ?? event.datasha256);
  return digest(['link', subject, dataref.split('?', 1)[0]]);
}

function digest(said: readonly unknown[]): string {
  return createHash('sha256').update(canonicalJson(said)).digest('base64url').slice(0, DIGEST_CHARACTERS);
}
