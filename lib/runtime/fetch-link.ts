import { DataUnavailable } from './failures.ts';
import { isTransientStatus } from './transient.ts';

/** More than the API takes as an event; whoever links to more hands over files, not events. */
const MAX_BYTES = 6_000_000;

/**
 * Fetches the JSON text at a link. Redirects are not followed: they would lead where the contract does not allow.
 *
 * @throws DataUnavailable when there is nothing to be had, or too much
 * @throws Error when it may be there another time: the event is tried again
 */
export async function fetchLink(link: string, signal: AbortSignal): Promise<string> {
  const answer = await fetch(link, { headers: { accept: 'application/json' }, redirect: 'manual', signal });
  if (!answer.ok || !answer.body) {
    await answer.body?.cancel();
    const message = `${link} answers ${answer.status}`;
    throw isTransientStatus(answer.status) ? new Error(message) : new DataUnavailable(message);
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new DataUnavailable(`${link} has more than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return decode(Buffer.concat(chunks), link);
}

/** Decoding on would put replacement characters into the data, which nobody has written. */
function decode(bytes: Uint8Array, link: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new DataUnavailable(`what lies at ${link} is not UTF-8`, { cause });
  }
}
