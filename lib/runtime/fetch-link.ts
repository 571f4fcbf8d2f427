import { shortLink } from '../contracts/short-links.ts';
import { reasonOf, toError } from './error-reason.ts';
import { DataUnavailable } from './failures.ts';
import { readLimited } from './read-limited.ts';
import { isTransientStatus } from './transient.ts';

/** More than the API takes as an event; whoever links to more hands over files, not events. */
const MAX_BYTES = 6_000_000;
/** For all of it: an answer that comes byte by byte would hold the function until its own time is over. */
const TIMEOUT_MS = 10_000;

/**
 * Fetches the JSON text at a link. Redirects are not followed: they would lead where the contract does not allow.
 *
 * @param timeoutMs from the request to the last byte
 * @throws DataUnavailable when there is nothing to be had, or too much
 * @throws Error when it may be there another time: the event is tried again
 */
export async function fetchLink(link: string, signal: AbortSignal, timeoutMs = TIMEOUT_MS): Promise<string> {
  const where = shortLink(link);
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    return await fetchText(link, AbortSignal.any([signal, timeout]));
  } catch (cause) {
    if (cause instanceof DataUnavailable || signal.aborted) throw cause;
    if (timeout.aborted)
      throw new Error(`${where} has not answered to the end in ${timeoutMs} ms`, { cause });
    throw new Error(`${where} cannot be had: ${reasonOf(toError(cause)).message}`, { cause });
  }
}

async function fetchText(link: string, signal: AbortSignal): Promise<string> {
  const where = shortLink(link);
  const answer = await fetch(link, { headers: { accept: 'application/json' }, redirect: 'manual', signal });
  if (!answer.ok) {
    await answer.body?.cancel();
    if (isTransientStatus(answer.status)) throw new Error(`it answers ${answer.status}`);
    throw new DataUnavailable(`${where} answers ${answer.status}`);
  }
  const bytes = await readLimited(answer, MAX_BYTES);
  if (!bytes) throw new DataUnavailable(`${where} has more than ${MAX_BYTES} bytes`);
  return decode(bytes, where);
}

/** Decoding on would put replacement characters into the data, which nobody has written. */
function decode(bytes: Uint8Array, where: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new DataUnavailable(`what lies at ${where} is not UTF-8`, { cause });
  }
}
