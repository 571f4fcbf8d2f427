/**
 * The types of an event's attributes: the type system of CloudEvents.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md#type-system
 */

import { JSON_MEDIA_TYPE_PATTERN, TIMESTAMP_PATTERN } from './attribute-patterns.ts';
import { URI_PATTERN, URI_REFERENCE_PATTERN } from './uri-pattern.ts';

/** The documents have the same rule without Unicode properties, which some languages do not support. */
const FORBIDDEN_CHARACTER = /[\p{Cc}\p{Cs}\p{NChar}]/u;
const URI_REFERENCE = new RegExp(URI_REFERENCE_PATTERN, 'u');
const URI = new RegExp(URI_PATTERN, 'u');
const TIMESTAMP = new RegExp(TIMESTAMP_PATTERN, 'u');
const JSON_MEDIA_TYPE = new RegExp(JSON_MEDIA_TYPE_PATTERN, 'u');

/** Range of a CloudEvents Integer: 32 bits. */
export const MIN_INTEGER = -(2 ** 31);
export const MAX_INTEGER = 2 ** 31 - 1;

/** Whether a value is a string that is not empty. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** Whether a text is a CloudEvents String: no control characters, no lone surrogates, no noncharacters. */
export function hasAllowedCharacters(text: string): boolean {
  return !FORBIDDEN_CHARACTER.test(text);
}

/** Whether a number is a CloudEvents Integer: a 32-bit integer. */
export function isInteger(value: number): boolean {
  return Number.isInteger(value) && value >= MIN_INTEGER && value <= MAX_INTEGER;
}

/** Whether a value is a URI-reference that is not empty. @see https://www.rfc-editor.org/rfc/rfc3986 */
export function isUriReference(value: unknown): boolean {
  return isText(value) && URI_REFERENCE.test(value);
}

/** Whether a value is a URI with a scheme. */
export function isAbsoluteUri(value: unknown): boolean {
  return isText(value) && URI.test(value);
}

/** Whether a value is an RFC 3339 time of a day that exists. @see https://www.rfc-editor.org/rfc/rfc3339#section-5.6 */
export function isTimestamp(value: unknown): boolean {
  return isText(value) && TIMESTAMP.test(value);
}

/**
 * Whether data of a media type is JSON.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md#31-handling-of-data
 */
export function isJsonMediaType(mediaType: string): boolean {
  return JSON_MEDIA_TYPE.test(mediaType);
}
