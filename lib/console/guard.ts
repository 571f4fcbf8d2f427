import type { IncomingMessage } from 'node:http';

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];
/** The console's own page, and what a person has typed or opened from a terminal. */
const OWN_SITES = ['same-origin', 'none'];

/**
 * Why a request is not answered, or undefined when it may be. It keeps out the pages of other sites and ports; who may have
 * data is decided by the session.
 *
 * - Host must be a name of this machine: a page whose own name resolves to 127.0.0.1 sends that name (DNS rebinding).
 * - Origin must be this console, when there is one.
 * - Sec-Fetch-Site must not say that another page asks, also by a link: browsers send no origin with links and images.
 *
 * @see https://www.w3.org/TR/fetch-metadata/
 */
export function refusal({ headers }: Pick<IncomingMessage, 'headers'>, port: number): string | undefined {
  const hosts = LOOPBACK.map((name) => `${name}:${port}`);
  const host = headers.host?.toLowerCase() ?? '';
  if (!hosts.includes(host)) {
    return `the console answers on ${hosts.join(', ')} only, not on '${host}'`;
  }
  const { origin, 'sec-fetch-site': site } = headers;
  if (origin !== undefined && origin !== `http://${host}`) {
    return `a page of ${origin} may not use this console`;
  }
  if (site !== undefined && !OWN_SITES.includes(String(site))) {
    return 'another page may not use this console and may not link to it; type its address to see it yourself';
  }
  return undefined;
}
