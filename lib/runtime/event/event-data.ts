import { sha256 } from '../../aws/signature.ts';
import { linkProblems } from '../../contracts/envelope/data-links.ts';
import type { Envelope } from '../../contracts/envelope/envelope.ts';
import { largeDataOf } from '../../contracts/envelope/large-data.ts';
import { JsonError, parseJson } from '../../contracts/json/json.ts';
import { shortLink } from '../../contracts/text/short-links.ts';
import { allowedLinks } from '../../publishing/large-data/allowed-links.ts';
import { type DataBucket, ObjectTooLargeError } from '../../publishing/large-data/data-bucket.ts';
import { DataUnavailableError } from '../errors.ts';
import { fetchLink } from './fetch-link.ts';

/** Fetches data that is not in the event itself. Both functions stop when the signal fires. */
export interface EventData {
  /**
   * Fetches data that the bus has stored because it was too large; undefined when the event has no such data.
   *
   * @throws DataUnavailableError when the object is gone, or was replaced
   */
  fetchData(event: Envelope, signal: AbortSignal): Promise<{ readonly data: unknown } | undefined>;
  /**
   * Fetches the data at the publisher's link.
   *
   * @param links prefixes of the links that the contract allows
   * @throws DataUnavailableError when the link is not allowed, or there is no data at it
   * @throws Error when the data may be available later
   */
  follow(event: Envelope, links: readonly string[], signal: AbortSignal): Promise<unknown>;
}

/** @param bucket the data bucket of the bus */
export function createEventData(bucket: DataBucket): EventData {
  return {
    fetchData: (event, signal) => fetchData(event, bucket, signal),
    follow: async ({ dataref }, links, signal) => {
      if (dataref === undefined)
        throw new DataUnavailableError('the event has neither data nor a link to it');
      const [wrong] = linkProblems(dataref, allowedLinks(links));
      if (wrong) throw new DataUnavailableError(`the event ${wrong.detail}`);
      return parse(await fetchLink(dataref, signal), shortLink(dataref));
    },
  };
}

async function fetchData(event: Envelope, bucket: DataBucket, signal: AbortSignal) {
  const claim = readClaim(event);
  if (!claim) return;
  const where = `s3://${claim.bucket}/${claim.key}`;
  if (claim.bucket !== bucket.name) {
    throw new DataUnavailableError(`the link ${where} leads to a bucket that is not the bus's`);
  }
  const text = await bucket.get(claim.key, { maxBytes: claim.bytes, signal }).catch((cause: unknown) => {
    if (!(cause instanceof ObjectTooLargeError)) throw cause;
    throw new DataUnavailableError(cause.message, { cause });
  });
  if (text === undefined) {
    throw new DataUnavailableError(
      `the data of the event is gone: ${where} has expired or was deleted; publish the event again`,
    );
  }
  const bytes = Buffer.byteLength(text);
  if (bytes !== claim.bytes || sha256(text) !== claim.sha256) {
    throw new DataUnavailableError(
      `the object at ${where} was replaced: it has ${bytes} bytes instead of ${claim.bytes}, or another hash`,
    );
  }
  return { data: parse(text, where) };
}

function readClaim(event: Envelope) {
  try {
    return largeDataOf(event);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new DataUnavailableError(`the data of the event is not available: ${cause.message}`, { cause });
  }
}

function parse(text: string, where: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    if (!(cause instanceof JsonError)) throw cause;
    throw new DataUnavailableError(`the data at ${where} ${cause.message}`, { cause });
  }
}
