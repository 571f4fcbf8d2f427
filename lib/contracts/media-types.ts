/** The content types of requests, as regular expressions of ECMAScript with the flag `u`. */

import { JSON_MEDIA_TYPE_PATTERN } from './attribute-patterns.ts';
import { CLOUDEVENTS_BATCH_JSON, CLOUDEVENTS_JSON } from './envelope.ts';

/** JSON is UTF-8, of which ASCII is a part. @see https://www.rfc-editor.org/rfc/rfc8259#section-8.1 */
const CHARSETS = `(?:${anyCase('utf')}-?8|${anyCase('us-ascii')})`;
const CHARSET = `;[ \\t]*${anyCase('charset')}[ \\t]*=[ \\t]*"?`;

/** A parameter with another charset; its group has the name. */
export const OTHER_CHARSET_PATTERN = `${CHARSET}(?!${CHARSETS}(?:["; \\t]|$))([^"; \\t]+)`;

/** Of one event in the JSON format. */
export const STRUCTURED_PATTERN = withParameters(CLOUDEVENTS_JSON);
/** Of a list of events in the JSON format. */
export const BATCHED_PATTERN = withParameters(CLOUDEVENTS_BATCH_JSON);
/** Of data whose attributes are in headers. */
export const BINARY_PATTERN = `^(?!.*${OTHER_CHARSET_PATTERN})(?=[ -~]*$)${JSON_MEDIA_TYPE_PATTERN.slice(1)}`;

function withParameters(mediaType: string): string {
  return `^(?!.*${OTHER_CHARSET_PATTERN})${anyCase(mediaType).replaceAll('+', '\\+')}[ \\t]*(?:;.*)?$`;
}

/** A word in small letters or capitals: patterns in documents have no flags. */
function anyCase(word: string): string {
  return word.replaceAll(/[a-z]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}
