/** The content types of requests, as regular expressions of ECMAScript with the flag `u`. */

import { JSON_MEDIA_TYPE_PATTERN } from './attribute-patterns.ts';
import { CLOUDEVENTS_BATCH_JSON, CLOUDEVENTS_JSON } from './envelope.ts';

/** Allowed charsets: JSON is UTF-8, and ASCII is a subset of it. @see https://www.rfc-editor.org/rfc/rfc8259#section-8.1 */
const CHARSETS = `(?:${anyCase('utf')}-?8|${anyCase('us-ascii')})`;
const CHARSET = `;[ \\t]*${anyCase('charset')}[ \\t]*=[ \\t]*"?`;

/** A parameter with another charset. The group contains its name. */
export const OTHER_CHARSET_PATTERN = `${CHARSET}(?!${CHARSETS}(?:["; \\t]|$))([^"; \\t]+)`;

/** Content type of structured mode: one event in the JSON format. */
export const STRUCTURED_PATTERN = withParameters(CLOUDEVENTS_JSON);
/** Content type of batched mode: a list of events in the JSON format. */
export const BATCHED_PATTERN = withParameters(CLOUDEVENTS_BATCH_JSON);
/** Content type of binary mode: the data, with the attributes in headers. */
export const BINARY_PATTERN = `^(?!.*${OTHER_CHARSET_PATTERN})(?=[ -~]*$)${JSON_MEDIA_TYPE_PATTERN.slice(1)}`;

function withParameters(mediaType: string): string {
  return `^(?!.*${OTHER_CHARSET_PATTERN})${anyCase(mediaType).replaceAll('+', '\\+')}[ \\t]*(?:;.*)?$`;
}

/** A pattern for a word in upper or lower case, because patterns in documents cannot have the flag `i`. */
function anyCase(word: string): string {
  return word.replaceAll(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}
