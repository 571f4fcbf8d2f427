import { createHash } from 'node:crypto';
import { canonicalJson } from '../../contracts/canonical-json.ts';
import { isConsumerSource } from '../../contracts/consumer-source.ts';
import { type Envelope, lacksData } from '../../contracts/envelope.ts';
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
  if (record.type !== content.type) return nameOf(record.type) !== nameOf(content.type);
  return record.digest !== undefined && content.digest !== undefined && record.digest !== content.digest;
}

function digestOf({ subject, data, data_base64, dataref, datasha256, ...rest }: Envelope): string {
  // A link may be signed anew for each attempt; the bus's own has the hash of its data beside it.
  const elsewhere = lacksData({ ...rest, data, data_base64, dataref })
    ? (datasha256 ?? dataref?.split('?', 1)[0])
    : undefined;
  const said = [subject ?? null, data ?? null, data_base64 ?? null, elsewhere ?? null];
  return createHash('sha256').update(canonicalJson(said)).digest('base64url').slice(0, DIGEST_CHARACTERS);
}

/** `shop.OrderPlaced` of `shop.OrderPlaced.v1`. */
function nameOf(versionedType: string): string {
  return versionedType.replace(/\.v\d+$/, '');
}
