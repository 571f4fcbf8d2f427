import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

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
  import { CommitRejectedError } from './lib/runtime/errors.ts';
  import { createLogger } from './lib/aws/log/create-logger.ts';
  const Item = { email: { S: 'ada@example.com' } };
  const CancellationReasons = [{ Code: 'None' }, { Code: 'ConditionalCheckFailed', Item }];
  const cancelled = new TransactionCanceledException({ message: 'cancelled', $metadata: {}, CancellationReasons });
  const rejected = new CommitRejectedError([{ code: 'ConditionalCheckFailed', item: Item }], { cause: cancelled });`;

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

const JOBS = `
  import { createTelemetry } from './lib/runtime/telemetry/powertools.ts';
  const event = (id) => ({
    specversion: '1.0', id, source: '/shop/checkout', type: 'shop.OrderPlaced.v1', time: '2026-01-31T12:00:00Z',
    correlationid: '0b0e6c1e-5d0a-5d0a-9d0a-0b0e6c1e5d0a', causationid: '1b0e6c1e-5d0a-5d0a-9d0a-0b0e6c1e5d0a',
    traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', data: { card: '4111' },
  });
  const item = (id, outcome, more) => ({
    event: event(id), facts: { id: '/shop/checkout|' + id }, records: [{ messageId: 'm-' + id }],
    receiveCount: 1, attempt: 1, startedAt: 1000, endedAt: 1012, claimed: true, finished: true, outcome, ...more,
  });
  const done = { status: 'completed', committed: true, outbox: [] };
  const batch = (items) => ({
    items, unreadable: [], returned: new Set(), refused: new Map(), unscheduled: 0, startedAt: 1000, endedAt: Date.now(),
  });
  const telemetry = createTelemetry('test');
  telemetry.useRequestId('request-1');`;
const entriesOf = (code: string) => linesOf(`${JOBS}${code}`).map((line) => JSON.parse(line));

describe('one order can be followed by its logs alone', () => {
  it('a batch is one line, with the id and outcome of each event and the metrics', () => {
    const lines = entriesOf(`
      const items = [item('order-1', done), item('order-2', { status: 'duplicate' }), item('order-3', { status: 'leased', untilMs: 1 })];
      telemetry.begin(items);
      telemetry.report(batch(items));`);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      message: 'batch',
      requestId: 'request-1',
      received: 3,
      completed: 1,
      duplicates: 1,
      retried: 1,
      events: [
        { eventId: 'order-1', source: '/shop/checkout', outcome: 'completed', milliseconds: 12 },
        { eventId: 'order-2', outcome: 'duplicate' },
        { eventId: 'order-3', outcome: 'leased' },
      ],
      ageAtProcessing: expect.any(Number),
    });
    expect(lines[0]._aws.CloudWatchMetrics[0].Metrics).toEqual([
      { Name: 'ageAtProcessing', Unit: 'Milliseconds' },
    ]);
    expect(lines[0].deadLettered).toBeUndefined();
  });

  it('what comes again is told before it is handled, so that a crash leaves a line', () => {
    const lines = entriesOf(`
      telemetry.begin([item('order-1', undefined, { receiveCount: 3 }), item('order-2', undefined)]);
      process.kill(process.pid, 'SIGKILL');`);
    expect(lines).toMatchObject([
      {
        message: 'events come again',
        requestId: 'request-1',
        events: [{ eventId: 'order-1', source: '/shop/checkout', receiveCount: 3 }],
      },
    ]);
    expect(lines[0].events).toHaveLength(1);
  });

  it('the last line of a process that ends in the middle of a batch names its events', () => {
    const lines = entriesOf(`
      telemetry.begin([
        item('order-1', undefined, { finished: false }),
        item('order-2', undefined, { finished: true }),
      ]);
      process.exit(0);`);
    expect(lines).toMatchObject([
      {
        message: 'the process ends with unfinished events',
        requestId: 'request-1',
        events: [{ eventId: 'order-1', source: '/shop/checkout' }],
      },
    ]);
    expect(lines[0].events).toHaveLength(1);
  });

  it('a large batch is several lines, none of them longer than CloudWatch takes', () => {
    const lines = entriesOf(`
      telemetry.report(batch(Array.from({ length: 250 }, (_, n) => item('order-' + n, done))));`);
    expect(lines.map(({ message, events }) => [message, events.length])).toEqual([
      ['batch', 100],
      ['batch, continued', 100],
      ['batch, continued', 50],
    ]);
    expect(lines.map(({ ageAtProcessing }) => ageAtProcessing.length)).toEqual([100, 100, 50]);
  });

  it.each([
    [
      'a failed event',
      "telemetry.report(batch([item('order-1', { status: 'failed', error, recorded: true, digests: [] })]));",
      'event failed',
    ],
    [
      'an event given up',
      "telemetry.report(batch([item('order-1', { status: 'deadLettered', error, digests: [] })]));",
      'event given up',
    ],
    [
      'an event not begun',
      "telemetry.report(batch([item('order-1', { status: 'released', error })]));",
      'event not begun',
    ],
    ["a handler's own line", "telemetry.loggerFor(event('order-1')).error('broken', { error });", 'broken'],
  ])('%s has a line under 1.5 kB, with the event and the request', (_, code, message) => {
    const lines = linesOf(`${JOBS}
      const deep = (depth) => depth === 0 ? new Error('cause '.repeat(500)) : new Error('x'.repeat(5_000), { cause: deep(depth - 1) });
      const error = Object.assign(deep(8), { name: 'StockServiceUnavailableError'.repeat(9) });
      ${code}`);
    const line = lines.find((one) => JSON.parse(one).message === message) ?? expect.fail('no such line');
    expect(Buffer.byteLength(line)).toBeLessThan(1_500);
    expect(JSON.parse(line)).toMatchObject({
      eventId: 'order-1',
      source: '/shop/checkout',
      type: 'shop.OrderPlaced.v1',
      correlationId: '0b0e6c1e-5d0a-5d0a-9d0a-0b0e6c1e5d0a',
      requestId: 'request-1',
    });
    expect(line).toContain('at deep');
    expect(line).not.toContain('4111');
  });

  it('an event has an id of one shape in every line that names it', () => {
    const lines = entriesOf(`
      const failed = item('order-1', { status: 'failed', error: new Error('no'), recorded: true, digests: [] }, { receiveCount: 2 });
      telemetry.begin([failed]);
      telemetry.loggerFor(failed.event).info('mine');
      telemetry.report(batch([failed]));`);
    expect(lines).toHaveLength(4);
    for (const line of lines) {
      const named = line.events?.[0] ?? line;
      expect(named).toMatchObject({ eventId: 'order-1', source: '/shop/checkout' });
    }
  });
});
