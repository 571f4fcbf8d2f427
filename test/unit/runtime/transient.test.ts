import { InternalServerError, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { AuthorizationErrorException, ThrottledException } from '@aws-sdk/client-sns';
import { expect, it } from 'vitest';
import { isTransient, isTransientCode, isTransientStatus } from '../../../lib/aws/transient.ts';

const $metadata = {};
const named = (name: string) => Object.assign(new Error('x'), { name });
const circular = new Error('x');
circular.cause = circular;
const coded = (code: string) => Object.assign(new Error('x'), { code });

it.each([
  ['what the SDK calls so', Object.assign(named('Odd'), { $retryable: {} })],
  ['throttling', new ThrottledException({ message: 'x', $metadata })],
  ['a fault of the service', new InternalServerError({ message: 'x', $metadata })],
  ['a status of 503', Object.assign(new Error('x'), { $metadata: { httpStatusCode: 503 } })],
  [
    'a clock that the SDK has set since',
    Object.assign(new Error('x'), { $metadata: { httpStatusCode: 403, clockSkewCorrected: true } }),
  ],
  ['a time-out', named('TimeoutError')],
  ['a broken connection', coded('ECONNRESET')],
  ['a fetch that failed', new TypeError('fetch failed', { cause: coded('UND_ERR_SOCKET') })],
  ['a transaction in progress', named('TransactionInProgressException')],
  ['a conflict', named('TransactionConflictException')],
  ['credentials that could not be had', named('CredentialsProviderError')],
])('%s will pass', (_, error) => {
  expect(isTransient(error)).toBe(true);
});

// The codes of throttling, of broken services and of requests that took too long, of SQS, SNS, DynamoDB and S3.
it.each([
  'AbortError',
  'BandwidthLimitExceeded',
  'InternalFailure',
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
  'TooManyRequestsException',
])('%s will pass, as an error and as the code of an entry', (code) => {
  expect([isTransient(named(code)), isTransientCode(code)]).toEqual([true, true]);
});

it.each([
  ['a missing permission', new AuthorizationErrorException({ message: 'x', $metadata })],
  ['a cancelled transaction as such', new TransactionCanceledException({ message: 'x', $metadata })],
  ['a mistake in the program', new TypeError('x is not a function')],
  ['an item collection that is too large', named('ItemCollectionSizeLimitExceededException')],
  ['a code of the program', coded('no-such-order')],
  ['an error that is its own cause', circular],
  ['what is no error', 'TimeoutError'],
])('%s is final', (_, error) => {
  expect(isTransient(error)).toBe(false);
});

it('knows the codes of entries and the statuses of answers', () => {
  expect(
    ['ThrottlingError', 'TransactionConflict', 'InternalError', 'KMSThrottling'].every(isTransientCode),
  ).toBe(true);
  expect(['ConditionalCheckFailed', 'ValidationError', 'InvalidParameter', ''].some(isTransientCode)).toBe(
    false,
  );
  expect([408, 425, 429, 500, 503].every(isTransientStatus)).toBe(true);
  expect([200, 400, 403, 404, 409].some(isTransientStatus)).toBe(false);
});
