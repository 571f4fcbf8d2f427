import type { IncomingMessage } from 'node:http';

/** Names of this machine that resolve to it everywhere; `bucket.localhost` is how S3 clients name a bucket. */
const LOOPBACK_HOST = /^(127\.0\.0\.1|\[::1\]|([a-z0-9-]+\.)*localhost)(:\d+)?$/;
/** The pages of this very port, and what a person has typed or opened from a terminal. */
const OWN_SITES = ['same-origin', 'none'];

/**
 * Why a request is refused, or undefined when it may be answered. Every program on this machine may call, and the pages that
 * this very port serves; no other page may, although it can make a browser here send its requests.
 *
 * - Host: a page whose own name resolves to 127.0.0.1 sends that name (DNS rebinding).
 * - Origin: what a page sends with every form, and every request of a script to elsewhere. SDKs and curl send none.
 * - Sec-Fetch-Site: what browsers send with all others, such as those for an image or a link. Pages on other ports of this
 *   machine are same-site and not same-origin: they may be another user's, and so may not call either.
 *
 * @see https://fetch.spec.whatwg.org/#origin-header
 * @see https://www.w3.org/TR/fetch-metadata/
 */
export function refusal({ headers }: Pick<IncomingMessage, 'headers'>): string | undefined {
  const { origin, 'sec-fetch-site': site } = headers;
  const host = headers.host?.toLowerCase() ?? '';
  if (!LOOPBACK_HOST.test(host))
    return `this is a local endpoint, for 127.0.0.1 and localhost, not for '${host}'`;
  if (origin !== undefined && origin !== `http://${host}`)
    return `this is a local endpoint, and a page of ${origin} may not use it`;
  if (site !== undefined && !OWN_SITES.includes(String(site)))
    return 'this is a local endpoint, and a page of another site or port may not use it or link to it; type the address to see it yourself';
  return undefined;
}
