/**
 * URIs as regular expressions of ECMAScript with the flag `u`, by the grammar of RFC 3986. Of the addresses in brackets, only hexadecimal
 * IPv6 addresses are allowed.
 *
 * @see https://www.rfc-editor.org/rfc/rfc3986#appendix-A
 */

/** A pattern for any number of these characters and percent-encoded bytes. */
const run = (characters: string): string => `[${characters}]*(?:%[0-9A-Fa-f]{2}[${characters}]*)*`;

/** Characters that need no encoding: unreserved and sub-delims. */
const PLAIN = String.raw`A-Za-z0-9\-._~!$&'()*+,;=`;
const H16 = '[0-9A-Fa-f]{1,4}';
const SOME_H16 = `(?:${H16}(?::${H16})*)?`;
const SEVEN_COLONS_AT_MOST = String.raw`(?=(?:[^\]:]*:){2,7}[^\]:]*\])`;
const IPV6 = `(?:${H16}:){7}${H16}|${SEVEN_COLONS_AT_MOST}${SOME_H16}::${SOME_H16}`;
const AUTHORITY = String.raw`(?:${run(`${PLAIN}:`)}@)?(?:\[(?:${IPV6})\]|${run(PLAIN)})(?::[0-9]*)?(?![^/?#])`;
const PATH = run(`${PLAIN}:@/`);
const REST = run(`${PLAIN}:@/?`);
const AFTER_SCHEME = String.raw`(?://${AUTHORITY}|(?!//))${PATH}(?:\?${REST})?(?:#${REST})?$`;
const SCHEME = String.raw`[A-Za-z][A-Za-z0-9+.\-]*:`;

/** A URI-reference. It may be relative or empty. */
export const URI_REFERENCE_PATTERN = `^(?:${SCHEME}|(?![^/?#]*:))${AFTER_SCHEME}`;
/** A URI with a scheme and at least one more character. */
export const URI_PATTERN = `^${SCHEME}(?![?#]|$)${AFTER_SCHEME}`;
