/** Maximum number of events in one request to the publish API. Send larger batches in parts. */
export const MAX_EVENTS = 100;

/** Maximum size of a Lambda event. @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const LAMBDA_EVENT_BYTES = 6 * 1024 * 1024;

/**
 * Reserve for the rest of the Lambda event. Request line and headers have at most 10,240 bytes, but API Gateway writes path, query and the
 * claims of a token two or three times into the event, escaped as JSON.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
 */
const AROUND_BODY_BYTES = 65_536;

/**
 * The largest request body: 4,669,440 bytes. API Gateway encodes every body in base64 (four characters for three bytes), unless its type is
 * `text/*`, or `application/json`, `xml` or `javascript`.
 *
 * @see https://github.com/ministackorg/ministack/pull/766 for how it was measured on AWS
 */
export const MAX_REQUEST_BYTES = ((LAMBDA_EVENT_BYTES - AROUND_BODY_BYTES) / 4) * 3;

/** Upper bound of the bytes that the API adds to an event: `time`, `traceparent`, `datacontenttype`, and a `correlationid` as long as the id. */
export const COMPLETION_BYTES = 4_096;

/** Header with the maximum number of requests to SNS for one event, 1 to 4. A client that retries itself sends 2 at first, then 1. */
export const TRIES_HEADER = 'fanfare-tries';
