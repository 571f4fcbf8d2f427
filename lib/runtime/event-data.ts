import { linkProblems } from '../contracts/data-links.ts';
import type { Envelope } from '../contracts/envelope.ts';
import { JsonError, parseJson } from '../contracts/json.ts';
import { largeDataOf } from '../contracts/large-data.ts';
import { shortLink } from '../contracts/short-links.ts';
import { allowedLinks } from './allowed-links.ts';
import type { DataBucket } from './data-bucket.ts';
import { DataUnavailable } from './failures.ts';
import { fetchLink } from './fetch-link.ts';
import { sha256 } from './signature.ts';

/** Gets data that does not travel with its event. Both end with the signal. */
export interface EventData {
  /**
   * Data that the bus put aside because it was too large; undefined when the event carries no such claim.
   *
   * @throws DataUnavailable when it is gone, or is not what was put there
   */
  redeem(event: Envelope, signal: AbortSignal): Promise<{ readonly data: unknown } | undefined>;
  /**
   * Data at the link that the publisher gave.
   *
   * @param links how those begin that the contract allows
   * @throws DataUnavailable when the link leads elsewhere, or there is nothing to be had
   */
  follow(event: Envelope, links: readonly string[], signal: AbortSignal): Promise<unknown>;
}

/** @param bucket of the bus */
export function createEventData(bucket: DataBucket): EventData {
  return {
    redeem: (event, signal) => redeem(event, bucket, signal),
    follow: async ({ dataref }, links, signal) => {
      if (dataref === undefined) throw new DataUnavailable('the event has neither data nor a link to it');
      const [wrong] = linkProblems(dataref, allowedLinks(links));
      if (wrong) throw new DataUnavailable(`the event ${wrong.detail}`);
      return parse(await fetchLink(dataref, signal), shortLink(dataref));
    },
  };
}

async function redeem(event: Envelope, bucket: DataBucket, signal: AbortSignal) {
  const claim = readClaim(event);
  if (!claim) return;
  const where = `s3://${claim.bucket}/${claim.key}`;
  if (claim.bucket !== bucket.name) {
    throw new DataUnavailable(`the link ${where} leads to a bucket that is not the bus's`);
  }
  const text = await bucket.get(claim.key, { maxBytes: claim.bytes, signal });
  if (text === undefined) {
    throw new DataUnavailable(
      `the data of the event is gone: ${where} has expired or was deleted; publish the event again`,
    );
  }
  const bytes = Buffer.byteLength(text);
  if (bytes !== claim.bytes || sha256(text) !== claim.sha256) {
    throw new DataUnavailable(
      `the data at ${where} is not what was put there: ${bytes} bytes instead of ${claim.bytes}, or another hash`,
    );
  }
  return { data: parse(text, where) };
}

function readClaim(event: Envelope) {
  try {
    return largeDataOf(event);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new DataUnavailable(`the data of the event cannot be had: ${cause.message}`, { cause });
  }
}

function parse(text: string, where: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    if (!(cause instanceof JsonError)) throw cause;
    throw new DataUnavailable(`what lies at ${where} ${cause.message}`, { cause });
  }
}
