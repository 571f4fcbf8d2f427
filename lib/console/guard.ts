import type { IncomingMessage } from 'node:http';

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];
/** Requests of the console's page, and addresses that a person typed or opened from a terminal. */
const OWN_SITES = ['same-origin', 'none'];

/**
 * Why a request is refused; undefined when it is allowed. It refuses requests of pages of other sites and ports. The session decides who can read
 * data.
 *
 * - Host must be a name of this machine: a page whose host name resolves to 127.0.0.1 sends that name (DNS rebinding).
 * - Origin, when there is one, must be this console.
 * - Sec-Fetch-Site must not name another page, also for links and images, with which browsers send no Origin.
 *
 * @see https://www.w3.org/TR/fetch-metadata/
 */
export function refusal({ headers }: Pick<IncomingMessage, 'headers'>, port: number): string | undefined {
  const hosts = LOOPBACK.map((name) => `${name}:${port}`);
  const host = headers.host?.toLowerCase() ?? '';
  if (!hosts.includes(host)) {
    return `the console answers only as ${hosts.join(', ')}, not as '${host}'`;
  }
  const { origin, 'sec-fetch-site': site } = headers;
  if (origin !== undefined && origin !== `http://${host}`) {
    return `a page of ${origin} may not call this console`;
  }
  if (site !== undefined && !OWN_SITES.includes(String(site))) {
    return 'a page of another site or port may not call this console or link to it; type the address into the browser';
  }
  return undefined;
}
