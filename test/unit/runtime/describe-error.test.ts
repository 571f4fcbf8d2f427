import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { describeError } from '../../../lib/aws/log/describe-error.ts';

const withoutStack = (more: object = {}): Error =>
  Object.assign(new Error('broken'), { stack: undefined, ...more });
const codes = (count: number) => Array.from({ length: count }, (_, n) => ({ Code: `C${n}` }));

describe('an error is described by what an engineer looks for', () => {
  it.each<[string, object, object]>([
    ['no more than its name and message, when it has no more', {}, {}],
    ['the code of a system error', { code: 'ECONNRESET' }, { code: 'ECONNRESET' }],
    ['no code that is no text', { code: 7 }, {}],
    [
      'the status and the request of an answer of AWS',
      { $metadata: { httpStatusCode: 400, requestId: 'r' }, requestId: 'other' },
      { httpStatusCode: 400, requestId: 'r' },
    ],
    ['a request id of its own', { requestId: 'r' }, { requestId: 'r' }],
    ['nothing of metadata that is none', { $metadata: 'text', requestId: 1 }, {}],
    [
      'the codes of a cancelled transaction',
      { CancellationReasons: [{ Code: 'None' }, {}, null, { Code: 'ConditionalCheckFailed' }] },
      { reasons: ['None', 'None', 'None', 'ConditionalCheckFailed'] },
    ],
    ['the codes of a rejected commit', { rejections: [{ code: 'Throttled' }] }, { reasons: ['Throttled'] }],
    ['no codes when there are none', { CancellationReasons: [], rejections: [{ code: 'x' }] }, {}],
    ['no codes of what is no list', { rejections: 'text' }, {}],
    ['ten codes at most', { CancellationReasons: codes(11) }, { reasons: codes(10).map(({ Code }) => Code) }],
    [
      'a cause that is no error',
      { cause: 'why' },
      { cause: expect.objectContaining({ message: expect.stringContaining('why') }) },
    ],
  ])('%s', (_, more, described) => {
    expect(describeError(withoutStack(more))).toStrictEqual({
      name: 'Error',
      message: 'broken',
      ...described,
    });
  });

  it('and never by throwing', () => {
    const error = withoutStack();
    Object.defineProperty(error, 'code', {
      get: () => {
        throw new Error('no code');
      },
    });
    expect(describeError(error)).toStrictEqual({ name: 'Error', message: 'broken' });
  });
});

it('the stack has the frames alone, without blanks before them, and a cause has none', () => {
  const error = new Error('broken', { cause: new Error('inner') });
  error.stack = 'Error: broken\n    at one (a.ts:1:1)\n    at two (b.ts:2:2)';
  expect(describeError(error)).toMatchObject({ stack: 'at one (a.ts:1:1)\nat two (b.ts:2:2)' });
  expect(describeError(error).cause).toStrictEqual({ name: 'Error', message: 'inner' });
  error.stack = 'no frame at all';
  expect(describeError(error).stack).toBe('no frame at all');
});

it('each text has an end', () => {
  const long = 'x'.repeat(1_000);
  const error = Object.assign(new Error(long, { cause: new Error(long) }), { name: long, stack: long });
  const { name, message, stack = '', cause } = describeError(error);
  const lengths = [name, message, stack, cause?.message ?? ''].map(({ length }) => length);
  expect(lengths).toEqual([64, 300, 360, 120]);
});

it('an error of the SDK as a cause keeps what it says', () => {
  const cause = new TransactionCanceledException({
    message: 'cancelled',
    $metadata: { httpStatusCode: 400, requestId: 'request-1' },
    CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }],
  });
  expect(describeError(new Error('outer', { cause }))).toMatchObject({
    message: 'outer',
    stack: expect.stringContaining('describe-error.test.ts'),
    cause: {
      name: 'TransactionCanceledException',
      httpStatusCode: 400,
      requestId: 'request-1',
      reasons: ['None', 'ConditionalCheckFailed'],
    },
  });
});

it('causes are followed only so far', () => {
  const error = new Error('round');
  error.cause = error;
  expect(JSON.stringify(describeError(error)).match(/"message":"round"/g)).toHaveLength(3);
});
