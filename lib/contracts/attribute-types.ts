/**
 * What the attributes of an event may hold: the type system of CloudEvents.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md#type-system
 */

/** Letters, digits, RFC 3986's marks and percent-encoded bytes; `|` and blanks are not among them. */
const URI_CHARACTERS = /^(?:[\w\-.~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+$/;
/** Without leap seconds, which neither JavaScript nor the services of AWS know. */
const TIMESTAMP =
  /^(\d{4}-\d{2}-\d{2})[Tt](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const FORBIDDEN_CHARACTER = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}]/u;
const MIN_INTEGER = -(2 ** 31);
const MAX_INTEGER = 2 ** 31 - 1;
const JSON_MEDIA_TYPE = /^[\w.+-]+\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

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

/** @see https://www.rfc-editor.org/rfc/rfc3986 */
export function isUriReference(value: unknown): boolean {
  return isText(value) && URI_CHARACTERS.test(value) && URL.canParse(value, 'http://base.invalid/');
}

/** A URI with its scheme. */
export function isAbsoluteUri(value: unknown): boolean {
  return isText(value) && URI_CHARACTERS.test(value) && URL.canParse(value);
}

/** A time of a day that there is. @see https://www.rfc-editor.org/rfc/rfc3339#section-5.6 */
export function isTimestamp(value: unknown): boolean {
  const day = isText(value) ? TIMESTAMP.exec(value)?.[1] : undefined;
  if (day === undefined) return false;
  // JavaScript reads the 30th of February as the 2nd of March.
  const midnight = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight.valueOf()) && midnight.toISOString().startsWith(day);
}

/**
 * Tells whether data of a media type is JSON.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md#31-handling-of-data
 */
export function isJsonMediaType(mediaType: string): boolean {
  return JSON_MEDIA_TYPE.test(mediaType);
}
