import { isLargeDataLink } from './large-data.ts';
import type { Problem } from './problem.ts';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Checks the origins that a contract lets events link to: `https://reviews.example.com`, or `http` on this machine.
 *
 * @throws TypeError naming the first that is none
 */
export function refuseWrongOrigins(type: string, origins: readonly string[]): void {
  for (const origin of origins) {
    const url = URL.canParse(origin) ? new URL(origin) : undefined;
    const secure = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.has(url.hostname));
    if (!url || url.origin !== origin || !secure) {
      throw new TypeError(
        `${type} lets events link to '${origin}', which is no https origin; write it like 'https://reviews.example.com'`,
      );
    }
  }
}

/** What is wrong with the link of an event that somebody brings, whether it has its data beside it or not. */
export function datarefProblems(dataref: string, links: readonly string[]): readonly Problem[] {
  if (!isLargeDataLink(dataref)) return linkProblems(dataref, links);
  return [{ pointer: '/dataref', detail: 'is a link that only the bus makes; send the data itself' }];
}

/** What is wrong with the link of an event that has no data: it must lead to one of the contract's origins. */
export function linkProblems(dataref: string, origins: readonly string[]): readonly Problem[] {
  if (origins.some((origin) => leadsTo(dataref, origin))) return [];
  const allowed =
    origins.length > 0 ? `; it may lead to ${origins.join(', ')}` : ' and the contract allows none';
  return [{ pointer: '/dataref', detail: `is a link to '${dataref}'${allowed}` }];
}

/**
 * A link begins with the origin as the contract writes it. Other spellings of it are not taken, nor credentials in front of the host:
 * `fetch` would refuse those.
 */
function leadsTo(dataref: string, origin: string): boolean {
  return dataref.startsWith(origin) && /^([/?#]|$)/.test(dataref.slice(origin.length));
}
