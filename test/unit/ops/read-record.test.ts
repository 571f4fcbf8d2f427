import { stripVTControlCharacters } from 'node:util';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { traceLines } from '../../../lib/cli/operate/trace/trace-lines.ts';
import { uuidV5 } from '../../../lib/contracts/uuid-v5.ts';
import { buildTrace } from '../../../lib/ops/trace/build-trace.ts';
import { withQueueState } from '../../../lib/ops/trace/look-for-message.ts';
import { readTracedRecord } from '../../../lib/ops/trace/read-record.ts';

const NOW = Date.parse('2026-01-31T12:00:00.000Z');
const FAILED = { status: { S: 'FAILED' }, error: { M: { name: { S: 'Error' }, message: { S: 'no' } } } };
const OWN = { name: 'email', owner: 'shop-dev', bus: 'shop-dev-Bus', label: 'email' };
const read = (item: Readonly<Record<string, AttributeValue>>, emitter = OWN) =>
  readTracedRecord(emitter, { id: { S: '/shop|o-1' }, type: { S: 'shop.OrderPlaced.v1' }, ...item }, NOW);

it('knows what consumers of one name in two apps have emitted about the same event', () => {
  const item = { status: { S: 'COMPLETED 2026-01-31T11:59:00.000Z shop.OrderConfirmationSent.v1' } };
  const [own] = read(item)?.emitted ?? [];
  const [other] = read(item, { ...OWN, owner: 'fraud-dev', label: 'fraud-dev/email' })?.emitted ?? [];
  expect(own?.source).toBe('/consumers/email');
  expect(other?.source).toBe('/consumers/fraud-dev/email');
  expect(other?.id).not.toBe(own?.id);
});

it('leaves out what is no event in an outbox, and keeps the rest', () => {
  const event = { id: 'e', source: '/consumers/email', type: 'shop.Sent.v1', data: { secret: 1 } };
  const outbox = { L: [{ S: '{broken' }, { S: 'null' }, { N: '1' }, { S: JSON.stringify(event) }] };
  const record = read({ status: { S: 'COMMITTED 2026-01-31T11:59:00.000Z' }, outbox });
  expect(record?.emitted).toEqual([{ id: 'e', source: '/consumers/email', type: 'shop.Sent.v1' }]);
});

it('knows what a replay has repeated, and what that has emitted under other ids', () => {
  const item = { status: { S: 'COMPLETED 2026-01-31T11:59:00.000Z shop.OrderConfirmationSent.v1' } };
  const repeated = read({ ...item, id: { S: '/shop r-1|o-1' }, replay: { S: 'r-1' } });
  expect(repeated).toMatchObject({ id: 'o-1', source: '/shop', replay: { id: 'r-1', mode: 'again' } });
  expect(repeated?.emitted[0]?.id).toBe(uuidV5('email', '/shop r-1|o-1', '0'));
  expect(read({ ...item, replay: { S: 'r-2' } })?.replay).toEqual({ id: 'r-2', mode: 'fill' });
  expect(read(item)).not.toHaveProperty('replay');
});

it('is a handling of its own, beside that of the event', () => {
  const item = { status: { S: 'COMPLETED 2026-01-31T11:59:00.000Z' } };
  const records = [read(item), read({ ...item, id: { S: '/shop r-1|o-1' } })].flatMap((one) => one ?? []);
  const [event, ...others] = buildTrace(records, new Map());
  expect(others).toEqual([]);
  expect(event?.handlings).toHaveLength(2);
  expect(stripVTControlCharacters(traceLines(event ?? expect.fail()).join('\n'))).toMatch(
    /└ email: completed, replay r-1, again/,
  );
});

describe('a record tells apart', () => {
  it.each<[string, Readonly<Record<string, AttributeValue>>]>([
    ['completed', { status: { S: 'COMPLETED 2026-01-31T11:59:00.000Z' } }],
    ['committed', { status: { S: 'COMMITTED' } }],
    ['handling', { status: { S: 'IN_PROGRESS' }, leaseUntil: { N: String(NOW + 1) } }],
    ['died', { status: { S: 'IN_PROGRESS' }, leaseUntil: { N: String(NOW - 1) } }],
    ['waiting', { status: { S: 'FAILED' } }],
    ['retrying', FAILED],
    ['dead', { ...FAILED, dead: { BOOL: true } }],
    ['purged', { ...FAILED, dead: { BOOL: true }, operation: { S: 'purged 2026-01-31T11:59:00.000Z' } }],
    ['redriven', { ...FAILED, dead: { BOOL: true }, operation: { S: 'redriven 2026-01-31T11:59:00.000Z' } }],
    // SQS itself has moved it to the dead-letter queue after the process died each time.
    ['purged', { status: { S: 'IN_PROGRESS' }, operation: { S: 'purged 2026-01-31T11:59:00.000Z' } }],
    // Another version's word for something.
    ['dead', { ...FAILED, dead: { BOOL: true }, operation: { S: 'archived 2026-01-31T11:59:00.000Z' } }],
  ])('%s: %j', (status, item) => {
    expect(read(item)?.status).toBe(status);
  });
});

describe('what no record says is seen by the queues', () => {
  const EMPTY = { queueIsEmpty: true, deadLetterQueueIsEmpty: true };
  const LONG_AGO = { N: String(NOW - 3_600_000) };
  const retrying = read({ ...FAILED, failedAt: LONG_AGO }) ?? expect.fail();
  const dead = read({ ...FAILED, dead: { BOOL: true }, failedAt: LONG_AGO }) ?? expect.fail();
  const died = read({ status: { S: 'IN_PROGRESS' }, startedAt: LONG_AGO }) ?? expect.fail();
  const done = read({ status: { S: 'COMPLETED 2026-01-31T11:59:00.000Z' } }) ?? expect.fail();
  const justNow = read({ ...FAILED, failedAt: { N: String(NOW - 1_000) } }) ?? expect.fail();

  it.each([
    ['retrying, and its message is in the queue', retrying, { queueIsEmpty: false }, 'retrying'],
    [
      'failed, and only the dead-letter queue has messages',
      retrying,
      { deadLetterQueueIsEmpty: false },
      'dead',
    ],
    ['died, and only the dead-letter queue has messages', died, { deadLetterQueueIsEmpty: false }, 'dead'],
    ['failed, and there is no message anywhere', retrying, {}, 'gone'],
    ['failed a second ago, when counts are not right yet', justNow, {}, 'retrying'],
    ['dead, and the dead-letter queue has messages', dead, { deadLetterQueueIsEmpty: false }, 'dead'],
    ['dead, and the dead-letter queue is empty', dead, {}, 'gone'],
    ['dead, and all were sent back since', dead, { redrivenAt: NOW - 1 }, 'redriven'],
    [
      'dead since all were sent back',
      dead,
      { deadLetterQueueIsEmpty: false, redrivenAt: NOW - 7_200_000 },
      'dead',
    ],
    ['dead, and all are being sent back', dead, { redriveRunsSince: NOW - 1 }, 'dead'],
    ['done', done, {}, 'completed'],
  ])('%s', (_, record, state, status) => {
    expect(withQueueState(record, { ...EMPTY, ...state }, NOW).status).toBe(status);
  });
});

describe('a record tells attempts one by one', () => {
  const notes = {
    attemptNotes: {
      L: [{ S: '1700000002000 120 2 TypeError: no' }, { S: '1700000001000 - 1 ProcessDiedError' }],
    },
  };
  const noted = [
    { attempt: 1, startedAt: 1_700_000_001_000, endedAt: undefined, reason: 'ProcessDiedError' },
    { attempt: 2, startedAt: 1_700_000_002_000, endedAt: 1_700_000_002_120, reason: 'TypeError: no' },
  ];

  it('the oldest first, and with the one that succeeded', () => {
    const item = {
      ...notes,
      status: { S: 'COMPLETED 2023-11-14T22:13:23.050Z' },
      startedAt: { N: '1700000003000' },
      attempts: { N: '3' },
    };
    expect(read(item)?.history).toEqual([
      ...noted,
      { attempt: 3, startedAt: 1_700_000_003_000, endedAt: 1_700_000_003_050 },
    ]);
  });

  it('of a failure, whose last one is noted already', () => {
    expect(
      read({ ...FAILED, ...notes, startedAt: { N: '1700000002000' }, attempts: { N: '2' } })?.history,
    ).toEqual(noted);
  });

  it('and passes over what is no note', () => {
    expect(read({ ...FAILED, attemptNotes: { L: [{ S: 'x' }, { N: '1' }] } })?.history).toEqual([]);
  });
});

it.each([
  ['an end that is the sending of the commit', {}, true],
  [
    'no such end when it has published since',
    { status: { S: 'COMPLETED 2026-01-31T11:59:00.000Z shop.Paid.v1' } },
    false,
  ],
  ['no such end without a commit', { commitToken: undefined }, false],
])('a record tells of %s', (_, item, expected) => {
  const { commitToken, ...rest } = {
    status: { S: 'COMPLETED 2026-01-31T11:59:00.000Z' },
    commitToken: { S: 'token' } as AttributeValue | undefined,
    ...item,
  };
  expect(read({ ...rest, ...(commitToken && { commitToken }) })?.endsWithCommit).toBe(expected);
});
