/** Events of one request to the publish API at most; a batch of more is better sent in parts. */
export const MAX_EVENTS = 100;

/** Lambda takes 6 MB; the event around the body needs some of it. @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const MAX_REQUEST_BYTES = 5_500_000;
