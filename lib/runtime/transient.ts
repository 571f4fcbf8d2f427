/** Codes that tell of the moment, not of the request: throttling, contention, faults of the service, no time left. */
const TRANSIENT_CODES: ReadonlySet<string> = new Set([
  'AbortError',
  'BandwidthLimitExceeded',
  'CredentialsProviderError',
  'InternalError',
  'InternalFailure',
  'InternalServerError',
  'NetworkingError',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceeded',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestTimeout',
  'RequestTimeoutException',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'SlowDown',
  'TimeoutError',
  'TooManyRequestsException',
  'TransactionConflict',
  'TransactionConflictException',
  'TransactionInProgressException',
]);
/** Throttling has a name of its own in every service: ThrottlingException, Throttled, KMSThrottling, RequestThrottled. */
const THROTTLING = /throttl/i;
/** Request Timeout, Too Early, Too Many Requests. @see https://www.rfc-editor.org/rfc/rfc9110#section-15.5 */
const TRANSIENT_STATUSES = new Set([408, 425, 429]);
/** Errors of Node's sockets and name resolution, and of its `fetch`. @see https://nodejs.org/api/errors.html#common-system-errors */
const NETWORK_CODE = /^(?:E[A-Z_]+|UND_ERR_[A-Z_]+)$/;

/** Whether an HTTP status is an answer to the moment: the same request may be answered otherwise later. */
export function isTransientStatus(status: number): boolean {
  return status >= 500 || TRANSIENT_STATUSES.has(status);
}

/** Whether the code of a service, of one entry of a batch or of one reason of a cancelled transaction, will pass. */
export function isTransientCode(code = ''): boolean {
  return TRANSIENT_CODES.has(code) || THROTTLING.test(code);
}

/**
 * Whether the same request may succeed when it is sent again: the service was throttled, busy or broken, or there was no
 * answer. Whatever is not known to pass is final.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { $retryable, $metadata, code, cause } = error as Error & {
    readonly $retryable?: object;
    readonly $metadata?: { readonly httpStatusCode?: number; readonly clockSkewCorrected?: boolean };
    readonly code?: unknown;
  };
  return (
    $retryable !== undefined ||
    isTransientStatus($metadata?.httpStatusCode ?? 0) ||
    // The SDK has set its clock by the answer: the next request is signed with the right time.
    $metadata?.clockSkewCorrected === true ||
    isTransientCode(error.name) ||
    (typeof code === 'string' && NETWORK_CODE.test(code)) ||
    (cause !== error && isTransient(cause))
  );
}
