import { literally } from './text-patterns.ts';

/**
 * Links that a contract allows, as a regular expression of ECMAScript with the flag `u`: what the code of `data-links.ts` takes. A link
 * begins as the contract says, and goes on in plain segments.
 */

/** Percent-encoded bytes that are the UTF-8 of one character: none of `/`, `\`, `%` and the control characters. */
const ENCODED = [
  String.raw`%2(?:[0-46-9A-Ea-e])`,
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
/** Dots that lead out of a folder, for some servers also before a semicolon. */
const DOTS = String.raw`(?:\.|%2[Ee]){1,2}(?:;|%3[Bb]|[/?]|$)`;
const SEGMENT = String.raw`(?!${DOTS})(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|${ENCODED})+`;
const QUERY = String.raw`(?:[A-Za-z0-9\-._~!$&()*+,;=:@/?]|%[0-9A-Fa-f]{2})*`;

/** @param links of the contract: each a host and a path that ends in a slash */
export function linkPattern(links: readonly string[]): string {
  return String.raw`^(?:${links.map(literally).join('|')})(?:${SEGMENT}(?:/${SEGMENT})*/?)?(?:\?${QUERY})?$`;
}
