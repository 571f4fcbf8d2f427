/**
 * What the attributes of an event may hold: the type system of CloudEvents.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md#type-system
 */

import { JSON_MEDIA_TYPE_PATTERN, TIMESTAMP_PATTERN } from './attribute-patterns.ts';
import { URI_PATTERN, URI_REFERENCE_PATTERN } from './uri-pattern.ts';

/** The documents say it without properties of Unicode, which not every language's expressions have. */
const FORBIDDEN_CHARACTER = /[\p{Cc}\p{Cs}\p{NChar}]/u;
const URI_REFERENCE = new RegExp(URI_REFERENCE_PATTERN, 'u');
const URI = new RegExp(URI_PATTERN, 'u');
const TIMESTAMP = new RegExp(TIMESTAMP_PATTERN, 'u');
const JSON_MEDIA_TYPE = new RegExp(JSON_MEDIA_TYPE_PATTERN, 'u');

/** The Integer of CloudEvents: 32 bits. */
export const MIN_INTEGER = -(2 ** 31);
export const MAX_INTEGER = 2 ** 31 - 1;

/** A string that is not empty. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** A String of CloudEvents: no control characters, no half of a surrogate pair, no noncharacters. */
export function hasAllowedCharacters(text: string): boolean {
  return !FORBIDDEN_CHARACTER.test(text);
}

/** An Integer of CloudEvents: a whole number of 32 bits. */
export function isInteger(value: number): boolean {
  return Number.isInteger(value) && value >= MIN_INTEGER && value <= MAX_INTEGER;
}

/** A URI-reference that is not empty. @see https://www.rfc-editor.org/rfc/rfc3986 */
export function isUriReference(value: unknown): boolean {
  return isText(value) && URI_REFERENCE.test(value);
}

/** A URI with its scheme. */
export function isAbsoluteUri(value: unknown): boolean {
  return isText(value) && URI.test(value);
}

/** A time of a day that there is. @see https://www.rfc-editor.org/rfc/rfc3339#section-5.6 */
export function isTimestamp(value: unknown): boolean {
  return isText(value) && TIMESTAMP.test(value);
}

/**
 * Tells whether data of a media type is JSON.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md#31-handling-of-data
 */
export function isJsonMediaType(mediaType: string): boolean {
  return JSON_MEDIA_TYPE.test(mediaType);
}
