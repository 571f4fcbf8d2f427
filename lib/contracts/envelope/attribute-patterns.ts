/**
 * The forms of an event's attributes as regular expressions of ECMAScript with the flag `u`, each for the whole text. The check of an
 * envelope and the published documents both use them.
 */

/**
 * Names of attributes. The specification advises at most 20 characters, but does not forbid more.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md#attribute-naming-convention
 */
export const NAME_PATTERN = '^[a-z0-9]+$';

/** SNS allows a MessageGroupId of at most 128 of these characters. @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
export const PARTITION_KEY_PATTERN = '^[!-~]{1,128}$';

/** An Idempotency-Key. It is used as it is. */
export const IDEMPOTENCY_KEY_PATTERN = '^[!-~]{1,255}$';

const LEAP_YEAR = '(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)';
const MONTH_AND_DAY =
  '(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)';
const DAY = `(?:[0-9]{4}-${MONTH_AND_DAY}|${LEAP_YEAR}-02-29)`;
const HOUR_AND_MINUTE = '(?:[01][0-9]|2[0-3]):[0-5][0-9]';

/**
 * A time of a day that exists, without leap seconds, which neither JavaScript nor AWS supports.
 *
 * @see https://www.rfc-editor.org/rfc/rfc3339#section-5.6
 */
export const TIMESTAMP_PATTERN = String.raw`^${DAY}[Tt]${HOUR_AND_MINUTE}:[0-5][0-9](?:\.[0-9]+)?(?:[Zz]|[-+]${HOUR_AND_MINUTE})$`;

/**
 * A media type of JSON, with any parameters.
 *
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md#31-handling-of-data
 */
export const JSON_MEDIA_TYPE_PATTERN = String.raw`^[A-Za-z0-9_.+\-]+/(?:[A-Za-z0-9_.+\-]+\+)?[jJ][sS][oO][nN] *(?:;.*)?$`;
