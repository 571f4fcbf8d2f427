/** Events of one request to the publish API at most; a batch of more is better sent in parts. */
export const MAX_EVENTS = 100;

/** @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const LAMBDA_EVENT_BYTES = 6 * 1024 * 1024;

/**
 * What API Gateway puts around a body. Request line and headers have 10,240 bytes at most; path, query and the claims of a token
 * are in the event two or three times, escaped as JSON.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
 */
const AROUND_BODY_BYTES = 65_536;

/**
 * The largest request: 4,669,440 bytes. API Gateway hands every body that is not `text/*` or `application/json`, `xml` or
 * `javascript` to the function in base64, four characters for three bytes.
 *
 * @see https://github.com/ministackorg/ministack/pull/766 which tells how it was measured on AWS
 */
export const MAX_REQUEST_BYTES = ((LAMBDA_EVENT_BYTES - AROUND_BODY_BYTES) / 4) * 3;

/** What the API adds to an event that leaves it out (time, traceparent, datacontenttype, and a correlationid as long as its id), and more. */
export const COMPLETION_BYTES = 4_096;

/** Header that says how often the API may try to send an event on, 1 to 4: a client that tries again itself says 2, and then 1. */
export const TRIES_HEADER = 'fanfare-tries';
