import { leadsToThisMachine } from '../contracts/data-links.ts';
import { s3EndpointOf } from './s3-endpoint.ts';

/**
 * Where events may link to from here. A contract may name this machine, for tests: that counts only where AWS itself is said to be
 * on this machine, as the local runner says to every function. On AWS nobody says so, and such a link leads into the function.
 */
export function allowedLinks(links: readonly string[], environment = process.env): readonly string[] {
  const endpoint = s3EndpointOf(environment);
  return endpoint !== undefined && leadsToThisMachine(endpoint)
    ? links
    : links.filter((link) => !leadsToThisMachine(link));
}
