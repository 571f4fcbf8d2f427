import { isLargeDataLink } from './large-data.ts';
import type { Problem } from './problem.ts';
import { shortLink } from './short-links.ts';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);
/** Other names of this machine and of its neighbours on the wire, among them the metadata service of AWS. */
const NEAR =
  /^(?:.+\.localhost|.*localhost\.localdomain|ip6-.+|.+\.internal|0\..+|127\..+|169\.254\..+|\[(?:::.*|64:ff9b:.+|f[cd].+|fe[89ab].+)\])$/;
/**
 * A segment of a path once it is decoded: what one server takes for part of a name and another for a way out of the folder is
 * refused, also dots before a semicolon, which servers of Java cut off.
 */
const PLAIN_SEGMENT = /^(?!\.{1,2}(?:;|$))[^/\\%\p{Cc}]+$/u;

/**
 * Checks what a contract lets events link to: a host and the beginning of a path, `https://reviews.example.com/reviews/`; or
 * `http` on this machine.
 *
 * @throws TypeError naming the first that is not written so
 */
export function refuseWrongLinks(type: string, links: readonly string[]): void {
  for (const link of links) {
    if (isPlainUrl(link) && link.endsWith('/') && !link.includes('?') && mayBeNamed(new URL(link))) continue;
    throw new TypeError(
      `${type} lets events link to '${shortLink(link)}'; name a host and a path with a slash at its end, ` +
        `like 'https://reviews.example.com/reviews/', or with nothing but the slash for all of the host`,
    );
  }
}

function mayBeNamed({ protocol, hostname }: URL): boolean {
  if (LOOPBACK.has(hostname)) return true;
  return protocol === 'https:' && !NEAR.test(hostname) && !hostname.endsWith('.');
}

/** Whether a link of a contract leads to the machine that follows it: right in tests, never in a function on AWS. */
export function leadsToThisMachine(link: string): boolean {
  return URL.canParse(link) && LOOPBACK.has(new URL(link).hostname);
}

/** What is wrong with the link of an event that somebody brings, whether it has its data beside it or not. */
export function datarefProblems(dataref: string, links: readonly string[]): readonly Problem[] {
  if (!isLargeDataLink(dataref)) return linkProblems(dataref, links);
  return [{ pointer: '/dataref', detail: 'is a link that only the bus makes; send the data itself' }];
}

/** What is wrong with a link: it must begin, letter for letter, as the contract says, and go on plainly. */
export function linkProblems(dataref: string, links: readonly string[]): readonly Problem[] {
  const leads = `is a link to '${shortLink(dataref)}'`;
  if (!links.some((link) => dataref.startsWith(link))) {
    const allowed = links.length > 0 ? `it may lead to ${links.join(', ')}` : 'the contract allows none';
    return [{ pointer: '/dataref', detail: `${leads}; ${allowed}` }];
  }
  if (isPlainUrl(dataref)) return [];
  const detail = `${leads}; write it as a browser shows it, without user, fragment, or dots and slashes that lead elsewhere`;
  return [{ pointer: '/dataref', detail }];
}

/**
 * Whether a URL says the same to everybody who reads it. A parser that changes anything (capitals, backslashes, blanks, dots, a
 * port, an address in another notation) would hide from this check what it asks for.
 */
function isPlainUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { href, protocol, username, password, pathname } = new URL(text);
  return (
    href === text &&
    (protocol === 'https:' || protocol === 'http:') &&
    username === '' &&
    password === '' &&
    !text.includes('#') &&
    pathname.slice(1).split('/').every(isPlainSegment)
  );
}

/** Only the last may be empty: a slash at the end. */
function isPlainSegment(segment: string, index: number, all: readonly string[]): boolean {
  if (segment === '') return index === all.length - 1;
  try {
    return PLAIN_SEGMENT.test(decodeURIComponent(segment));
  } catch {
    // Percent signs that are no UTF-8: nobody knows what a server makes of them.
    return false;
  }
}
