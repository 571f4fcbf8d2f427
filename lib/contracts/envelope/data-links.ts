import type { Problem } from '../text/problem.ts';
import { shortLink } from '../text/short-links.ts';
import { isLargeDataLink } from './large-data.ts';

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);
/** Other names of this machine and of local network addresses, including the metadata service of AWS. */
const NEAR =
  /^(?:.+\.localhost|.*localhost\.localdomain|ip6-.+|.+\.internal|0\..+|127\..+|169\.254\..+|\[(?:::.*|64:ff9b:.+|f[cd].+|fe[89ab].+)\])$/;
/**
 * A decoded path segment. It refuses characters that some servers treat as part of a name and others as a step out of the folder. It also
 * refuses dots before a semicolon, because Java servers cut off the rest.
 */
const PLAIN_SEGMENT = /^(?!\.{1,2}(?:;|$))[^/\\%\p{Cc}]+$/u;

/**
 * Checks the allowed links of a contract: a host and the beginning of a path, such as `https://reviews.example.com/reviews/`. `http` is
 * allowed only for this machine.
 *
 * @throws TypeError that names the first link that is not valid
 */
export function refuseWrongLinks(type: string, links: readonly string[]): void {
  for (const link of links) {
    if (isPlainUrl(link) && link.endsWith('/') && !link.includes('?') && mayBeNamed(new URL(link))) continue;
    throw new TypeError(
      `${type} allows links to '${shortLink(link)}'; write a host and a path with a slash at its end, ` +
        `like 'https://reviews.example.com/reviews/', or a host with only a slash to allow the whole host`,
    );
  }
}

function mayBeNamed({ protocol, hostname }: URL): boolean {
  if (LOOPBACK.has(hostname)) return true;
  return protocol === 'https:' && !NEAR.test(hostname) && !hostname.endsWith('.');
}

/** Whether a link leads to this machine. This is useful in tests, but not in a function on AWS. */
export function leadsToThisMachine(link: string): boolean {
  return URL.canParse(link) && LOOPBACK.has(new URL(link).hostname);
}

/** The problems of a link in an event from a client, with or without data beside it. */
export function datarefProblems(dataref: string, links: readonly string[]): readonly Problem[] {
  if (!isLargeDataLink(dataref)) return linkProblems(dataref, links);
  return [{ pointer: '/dataref', detail: 'is a link that only the bus may set; send the data itself' }];
}

/** The problems of a link. It must begin exactly with a prefix of the contract, and continue with plain path segments. */
export function linkProblems(dataref: string, links: readonly string[]): readonly Problem[] {
  const leads = `is a link to '${shortLink(dataref)}'`;
  if (!links.some((link) => dataref.startsWith(link))) {
    const allowed =
      links.length > 0 ? `the contract allows ${links.join(', ')}` : 'the contract allows no links';
    return [{ pointer: '/dataref', detail: `${leads}; ${allowed}` }];
  }
  if (isPlainUrl(dataref)) return [];
  const detail = `${leads}; write it as a browser shows it, without user, fragment, or dots and slashes that lead to another folder`;
  return [{ pointer: '/dataref', detail }];
}

/**
 * Whether every parser reads a URL in the same way. If a parser changes anything (capitals, backslashes, blanks, dots, a port, an address
 * in another notation), the real target could differ from the checked text.
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

/** Whether a path segment is plain. Only the last one may be empty, for a slash at the end. */
function isPlainSegment(segment: string, index: number, all: readonly string[]): boolean {
  if (segment === '') return index === all.length - 1;
  try {
    return PLAIN_SEGMENT.test(decodeURIComponent(segment));
  } catch {
    // The percent-encoded bytes are not UTF-8, so it is not known how a server reads them.
    return false;
  }
}
