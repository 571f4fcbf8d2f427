/** Error codes that do not depend on the request: throttling, contention, a fault of the service, a time-out. */
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
/** Every service has another name for throttling: ThrottlingException, Throttled, KMSThrottling, RequestThrottled. */
const THROTTLING = /throttl/i;
/** Request Timeout, Too Early, Too Many Requests. @see https://www.rfc-editor.org/rfc/rfc9110#section-15.5 */
const TRANSIENT_STATUSES = new Set([408, 425, 429]);
/** Errors of Node's sockets and name resolution, and of its `fetch`. @see https://nodejs.org/api/errors.html#common-system-errors */
const NETWORK_CODE = /^(?:E[A-Z_]+|UND_ERR_[A-Z_]+)$/;

/** Whether an HTTP status is transient: the same request may succeed later. */
export function isTransientStatus(status: number): boolean {
  return status >= 500 || TRANSIENT_STATUSES.has(status);
}

/** Whether an error code is transient: the code of a service, of a batch entry, or of a reason of a cancelled transaction. */
export function isTransientCode(code = ''): boolean {
  return TRANSIENT_CODES.has(code) || THROTTLING.test(code);
}

/**
 * Whether the same request may succeed when it is sent again: the service throttled it, was busy or failed, or there was no
 * answer. An error that is not known to be transient is permanent.
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
    // The SDK has corrected its clock from the answer, so it signs the next request with the right time.
    $metadata?.clockSkewCorrected === true ||
    isTransientCode(error.name) ||
    (typeof code === 'string' && NETWORK_CODE.test(code)) ||
    (cause !== error && isTransient(cause))
  );
}
