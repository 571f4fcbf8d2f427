import { readLimited } from '../../aws/read-limited.ts';
import { isTransientStatus } from '../../aws/transient.ts';
import { reasonOf, toError } from '../../contracts/text/error-reason.ts';
import { shortLink } from '../../contracts/text/short-links.ts';
import { DataUnavailableError } from '../errors.ts';

/** Maximum size of linked data. It is more than the API accepts in a request; larger data is a file, not an event. */
const MAX_BYTES = 6_000_000;
/** Time limit for the whole answer. Otherwise a server that sends byte by byte could hold the function until its time-out. */
const TIMEOUT_MS = 10_000;

/**
 * Fetches the JSON text at a link. It does not follow redirects, because they could lead to a host that the contract does not allow.
 *
 * @param timeoutMs milliseconds from the request to the last byte. @default 10000
 * @throws DataUnavailableError when there is no data, or too much
 * @throws Error when the data may be available later: the event is retried
 */
export async function fetchLink(link: string, signal: AbortSignal, timeoutMs = TIMEOUT_MS): Promise<string> {
  const where = shortLink(link);
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    return await fetchText(link, AbortSignal.any([signal, timeout]));
  } catch (cause) {
    if (cause instanceof DataUnavailableError || signal.aborted) throw cause;
    if (timeout.aborted)
      throw new Error(`${where} has not sent a complete answer within ${timeoutMs} ms`, { cause });
    throw new Error(`${where} cannot be fetched: ${reasonOf(toError(cause)).message}`, { cause });
  }
}

async function fetchText(link: string, signal: AbortSignal): Promise<string> {
  const where = shortLink(link);
  const answer = await fetch(link, { headers: { accept: 'application/json' }, redirect: 'manual', signal });
  if (!answer.ok) {
    await answer.body?.cancel();
    if (isTransientStatus(answer.status)) throw new Error(`it answers ${answer.status}`);
    throw new DataUnavailableError(`${where} answers ${answer.status}`);
  }
  const bytes = await readLimited(answer, MAX_BYTES);
  if (!bytes) throw new DataUnavailableError(`${where} has more than ${MAX_BYTES} bytes`);
  return decode(bytes, where);
}

/** Decodes UTF-8. It refuses other bytes, because a decoder would replace them and change the data. */
function decode(bytes: Uint8Array, where: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new DataUnavailableError(`the data at ${where} is not UTF-8`, { cause });
  }
}
