import { createHash } from 'node:crypto';
import { isConsumerSource } from '../../contracts/envelope/consumer-source.ts';
import { type Envelope, isErased, lacksData } from '../../contracts/envelope/envelope.ts';
import { isLargeDataLink } from '../../contracts/envelope/large-data.ts';
import { canonicalJson } from '../../contracts/json/canonical-json.ts';
import { eventName } from '../../contracts/versions/event-name.ts';

/** The content of an event as its idempotency record keeps it. */
export interface Content {
  /** The type on the wire, with its version. */
  readonly type: string;
  /**
   * Undefined for an event that a consumer emitted: a repeated attempt may emit other data, and the first attempt counts. Undefined for an
   * erased event too: nothing is left to compare, so it is the event of any record with its identity.
   */
  readonly digest: string | undefined;
}

/** The content in a record. A record of an earlier release has none. */
export type Recorded = { readonly [Name in keyof Content]: Content[Name] | undefined };

/** 96 bits: nobody can find other data with the same digest. It adds 24 bytes to a record. */
const DIGEST_CHARACTERS = 16;

/**
 * The content of an event on the wire. It ignores `time`, the trace and the order of the data's members, because they may differ
 * between two attempts of an honest publisher.
 */
export function contentOf(event: Envelope): Content {
  const { type, source } = event;
  return { type, digest: isConsumerSource(source) || isErased(event) ? undefined : digestOf(event) };
}

/**
 * Whether an event differs from the event of its record, although both have the same `source` and `id`. An event may be published in
 * several versions, and data of different versions is not compared. Records of earlier releases have no digest.
 */
export function conflicts(content: Content, record: Recorded): boolean {
  if (record.type === undefined) return false;
  if (record.type !== content.type) return eventName(record.type) !== eventName(content.type);
  return record.digest !== undefined && content.digest !== undefined && record.digest !== content.digest;
}

/**
 * The digest of an event. For large data, the bus has computed it before it stored the data. For a link, the query is ignored, because
 * each attempt may sign the link again.
 */
function digestOf(event: Envelope): string {
  const { subject = null, data = null, dataref = '', datadigest } = event;
  if (!lacksData(event)) return digest(['data', subject, data]);
  if (isLargeDataLink(dataref)) return String(datadigest ?? event.datasha256);
  return digest(['link', subject, dataref.split('?', 1)[0]]);
}

function digest(parts: readonly unknown[]): string {
  return createHash('sha256').update(canonicalJson(parts)).digest('base64url').slice(0, DIGEST_CHARACTERS);
}
