import type { IncomingMessage } from 'node:http';

/** Names of this machine that resolve to it everywhere; `bucket.localhost` is how S3 clients name a bucket. */
const LOOPBACK_HOST = /^(127\.0\.0\.1|\[::1\]|([a-z0-9-]+\.)*localhost)(:\d+)?$/;

/**
 * Why a request is refused, or undefined when it may be answered. Everything on this machine may call, and the pages that
 * this machine serves; a page of anywhere else may not, although it can make a browser here send its requests.
 *
 * - Host: a page whose own name resolves to 127.0.0.1 sends that name (DNS rebinding).
 * - Origin: what a page sends with every form, and every request of a script to elsewhere. SDKs and curl send none.
 * - Sec-Fetch-Site: what browsers send with all others, such as those for an image. A link from another port of this
 *   machine may be followed.
 *
 * @see https://fetch.spec.whatwg.org/#origin-header
 * @see https://www.w3.org/TR/fetch-metadata/
 */
export function refusal({
  method,
  headers,
}: Pick<IncomingMessage, 'method' | 'headers'>): string | undefined {
  const { origin, 'sec-fetch-site': site } = headers;
  const host = headers.host?.toLowerCase() ?? '';
  if (!LOOPBACK_HOST.test(host))
    return `this is a local endpoint, for 127.0.0.1 and localhost, not for '${host}'`;
  if (origin !== undefined && origin !== `http://${host}`)
    return `this is a local endpoint, and a page of ${origin} may not use it`;
  const isLink = method === 'GET' && headers['sec-fetch-mode'] === 'navigate';
  if (
    site === 'cross-site' ||
    (site === 'same-site' && !(isLink && headers['sec-fetch-dest'] === 'document'))
  )
    return 'this is a local endpoint, and a page of another site may not use it; type the address to see it yourself';
  return undefined;
}
