import type { IncomingMessage } from 'node:http';

/** Host names that always resolve to this machine. S3 clients put the bucket into the name: `bucket.localhost`. */
const LOOPBACK_HOST = /^(127\.0\.0\.1|\[::1\]|([a-z0-9-]+\.)*localhost)(:\d+)?$/;
/** Requests of pages of the same port, and addresses that a person typed or opened from a terminal. */
const OWN_SITES = ['same-origin', 'none'];

/**
 * Why a request is refused; undefined when it is allowed. Every program on this machine may call, and so may pages that this port serves.
 * Other web pages may not, although they can make a browser on this machine send requests. They are found by three headers:
 *
 * - Host: a page whose host name resolves to 127.0.0.1 sends that name (DNS rebinding).
 * - Origin: browsers send it with every form, and with every request of a script to another origin. SDKs and curl do not send it.
 * - Sec-Fetch-Site: browsers send it with all other requests, such as for images and links. Pages on other ports of this machine are
 *   `same-site`, not `same-origin`. They may belong to another user, so they may not call either.
 *
 * @see https://fetch.spec.whatwg.org/#origin-header
 * @see https://www.w3.org/TR/fetch-metadata/
 */
export function refusal({ headers }: Pick<IncomingMessage, 'headers'>): string | undefined {
  const { origin, 'sec-fetch-site': site } = headers;
  const host = headers.host?.toLowerCase() ?? '';
  if (!LOOPBACK_HOST.test(host))
    return `this is a local endpoint; call it as 127.0.0.1 or localhost, not as '${host}'`;
  if (origin !== undefined && origin !== `http://${host}`)
    return `this is a local endpoint; a page of ${origin} may not call it`;
  if (site !== undefined && !OWN_SITES.includes(String(site)))
    return 'this is a local endpoint; a page of another site or port may not call it or link to it; type the address into the browser';
  return undefined;
}
