import { expect, it } from 'vitest';
import { isOutageLike } from '../../../../lib/runtime/breaker/outage-like.ts';
import { DeadlineExceededError, PermanentError, TransientError } from '../../../../lib/runtime/errors.ts';

const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
const treacherous = new Proxy(new Error('x'), {
  getPrototypeOf: () => {
    throw new TypeError('do not ask');
  },
});

it.each<[string, Error]>([
  ['a TransientError', new TransientError('the bank is down')],
  ['a handler that has no time left', new DeadlineExceededError(28_000)],
  ['a time-out of fetch', new DOMException('The operation timed out', 'TimeoutError')],
  ['a refused connection', refused],
  ['a failed fetch, by its cause', new TypeError('fetch failed', { cause: refused })],
  ['throttling', Object.assign(new Error('slow down'), { name: 'ThrottlingException' })],
  ['a fault of an AWS service', Object.assign(new Error('x'), { $metadata: { httpStatusCode: 503 } })],
])('%s looks like an outage', (_, error) => {
  expect(isOutageLike(error)).toBe(true);
});

it.each<[string, Error]>([
  ['an error of the handler', new Error('no such account')],
  ['a PermanentError', new PermanentError('no')],
  ['two writers at one item', Object.assign(new Error('x'), { name: 'TransactionConflictException' })],
  ['an error that cannot be read', treacherous],
])('%s does not look like an outage', (_, error) => {
  expect(isOutageLike(error)).toBe(false);
});
