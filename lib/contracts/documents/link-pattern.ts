import { literally } from './text-patterns.ts';

/**
 * The allowed links of a contract as a regular expression of ECMAScript with the flag `u`. It accepts the same links as the code in
 * `data-links.ts`: a prefix of the contract, followed by plain path segments.
 */

/** The percent-encoded UTF-8 of one character, but not of `/`, `\`, `%` or a control character. */
const ENCODED = [
  '%2(?:[0-46-9A-Ea-e])',
  '%3[0-9A-Fa-f]',
  '%4[0-9A-Fa-f]',
  '%5[0-9ABD-Fabd-f]',
  '%6[0-9A-Fa-f]',
  '%7[0-9A-Ea-e]',
  '%[Cc]2%[AaBb][0-9A-Fa-f]',
  '%(?:[Cc][3-9A-Fa-f]|[Dd][0-9A-Fa-f])%[89ABab][0-9A-Fa-f]',
  '%[Ee]0%[ABab][0-9A-Fa-f]%[89ABab][0-9A-Fa-f]',
  '%[Ee][1-9A-CEFa-cef](?:%[89ABab][0-9A-Fa-f]){2}',
  '%[Ee][Dd]%[89][0-9A-Fa-f]%[89ABab][0-9A-Fa-f]',
  '%[Ff]0%[9ABab][0-9A-Fa-f](?:%[89ABab][0-9A-Fa-f]){2}',
  '%[Ff][1-3](?:%[89ABab][0-9A-Fa-f]){3}',
  '%[Ff]4%8[0-9A-Fa-f](?:%[89ABab][0-9A-Fa-f]){2}',
].join('|');
/** Dot segments that lead to a parent folder. Some servers also accept them before a semicolon. */
const DOTS = String.raw`(?:\.|%2[Ee]){1,2}(?:;|%3[Bb]|[/?]|$)`;
const SEGMENT = String.raw`(?!${DOTS})(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|${ENCODED})+`;
const QUERY = String.raw`(?:[A-Za-z0-9\-._~!$&()*+,;=:@/?]|%[0-9A-Fa-f]{2})*`;

/** @param links the allowed prefixes of the contract: a host and a path that ends with a slash */
export function linkPattern(links: readonly string[]): string {
  return String.raw`^(?:${links.map(literally).join('|')})(?:${SEGMENT}(?:/${SEGMENT})*/?)?(?:\?${QUERY})?$`;
}
