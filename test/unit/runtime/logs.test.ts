import { spawnSync } from 'node:child_process';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { describeError } from '../../../lib/runtime/telemetry/describe-error.ts';

/** What a process logs in which this code runs; Powertools writes to a console of its own. */
function linesOf(code: string): readonly string[] {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', code], {
    cwd: new URL('../../../', import.meta.url),
    encoding: 'utf8',
  });
  return `${stdout}${stderr}`.split('\n').filter((line) => line.startsWith('{'));
}

const ERRORS = `
  import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
  import { CommitRejected } from './lib/runtime/failures.ts';
  import { createLogger } from './lib/runtime/telemetry/create-logger.ts';
  const Item = { email: { S: 'ada@example.com' } };
  const CancellationReasons = [{ Code: 'None' }, { Code: 'ConditionalCheckFailed', Item }];
  const cancelled = new TransactionCanceledException({ message: 'cancelled', $metadata: {}, CancellationReasons });
  const rejected = new CommitRejected([{ code: 'ConditionalCheckFailed', item: Item }], { cause: cancelled });`;

describe('a log line has no item of the user’s tables', () => {
  it.each([
    ['an error of the SDK', 'cancelled'],
    ['a rejected commit', 'rejected'],
    ['an error that it caused', "new Error('outer', { cause: rejected })"],
  ])('when it tells of %s', (_, error) => {
    const lines = linesOf(`${ERRORS}
      createLogger('test').error('failed', { error: ${error} });
      createLogger('test').createChild({ persistentKeys: { eventId: 'e' } }).error('failed', ${error});`);
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      expect(line).not.toContain('ada@example.com');
      expect(line).toContain('ConditionalCheckFailed');
    }
  });
});

it('says of an error what an engineer looks for', () => {
  const cause = new TransactionCanceledException({
    message: 'cancelled',
    $metadata: { httpStatusCode: 400, requestId: 'request-1' },
    CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }],
  });
  expect(describeError(new Error('outer', { cause }))).toMatchObject({
    name: 'Error',
    message: 'outer',
    stack: expect.stringContaining('logs.test.ts'),
    cause: {
      name: 'TransactionCanceledException',
      httpStatusCode: 400,
      requestId: 'request-1',
      reasons: ['None', 'ConditionalCheckFailed'],
    },
  });
});

it('follows causes only so far', () => {
  const error = new Error('round');
  error.cause = error;
  expect(JSON.stringify(describeError(error)).match(/"message":"round"/g)).toHaveLength(6);
});

it('the last line of a process that ends in the middle of a batch names its events', () => {
  const lines = linesOf(`
    import { createTelemetry } from './lib/runtime/telemetry/powertools.ts';
    createTelemetry('test').begin([
      { facts: { id: '/shop|event-1' }, attempt: 2, finished: false },
      { facts: { id: '/shop|event-2' }, attempt: 1, finished: true },
    ]);
    process.exit(0);`);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    {
      message: 'the process ends with events in its hands',
      events: [{ event: '/shop|event-1', attempt: 2 }],
    },
  ]);
});
