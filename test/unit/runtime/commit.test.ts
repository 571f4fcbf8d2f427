import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { AlreadyCompletedError, CommitRejectedError, LeaseLostError } from '../../../lib/runtime/errors.ts';
import { commit } from '../../../lib/runtime/idempotency/commit.ts';
import type { LeaseContext } from '../../../lib/runtime/idempotency/lease-context.ts';
import { NO_EVENT_DATA, NO_SECRETS } from '../../apps/no-event-data.ts';

const write = { Put: { TableName: 't', Item: { id: { S: '1' } } } };
const facts = { id: '/a|1', attributes: {}, content: { type: 'a.B.v1', digest: undefined } };

/** A transaction that was cancelled for these reasons: that of the record first. */
const cancelled = (...reasons: readonly { readonly Code: string; readonly Item?: object }[]) =>
  new TransactionCanceledException({
    message: 'cancelled',
    $metadata: {},
    CancellationReasons: [...reasons] as never,
  });

/** Commits against a table that answers in turn: an error, or nothing when it has taken the transaction. */
async function commitAgainst(answers: readonly (Error | undefined)[], until = Number.POSITIVE_INFINITY) {
  const sleeps: number[] = [];
  let now = 0;
  let sent = 0;
  const dynamodb = {
    send: async () => {
      const answer = answers[Math.min(sent++, answers.length - 1)];
      if (answer) throw answer;
      return {};
    },
  } as unknown as LeaseContext['dynamodb'];
  const sleep = async (milliseconds: number): Promise<void> => {
    sleeps.push(milliseconds);
    now += milliseconds;
  };
  const random = () => 0.999;
  const clock = { now: () => now, sleep };
  const leaseContext = { dynamodb, table: 'records', owner: 'me', startedAt: 0, leaseUntil: 1, expiresAt: 1 };
  const ended = await commit(
    {
      dynamodb,
      clock,
      random,
      newToken: () => 'token',
      eventData: NO_EVENT_DATA,
      getSecret: NO_SECRETS,
      sqs: {} as never,
    },
    { ...leaseContext, now: clock.now, sleep, random },
    { facts, startedAt: 0, writes: [write], outbox: [], claimed: true, until },
  ).then(
    () => 'committed' as const,
    (error: unknown) => error,
  );
  return { ended, sent, sleeps };
}

const CONFLICT = { Code: 'TransactionConflict' };
const NONE = { Code: 'None' };
const FAILED = { Code: 'ConditionalCheckFailed' };
const record = (status: string, commitToken?: string) => ({
  ...FAILED,
  Item: {
    id: { S: '/a|1' },
    status: { S: status },
    owner: { S: 'me' },
    ...(commitToken !== undefined && { commitToken: { S: commitToken } }),
  },
});

describe('a commit', () => {
  it('is tried again while other transactions hold what it writes, with pauses that grow to two seconds', async () => {
    const conflicts = Array.from({ length: 12 }, () => cancelled(NONE, CONFLICT));
    const { ended, sent, sleeps } = await commitAgainst([...conflicts, undefined]);
    expect([ended, sent]).toEqual(['committed', 13]);
    expect(sleeps[0]).toBeLessThanOrEqual(25);
    expect(Math.max(...sleeps)).toBeLessThanOrEqual(2_000);
    expect(Math.max(...sleeps)).toBeGreaterThan(1_000);
  });

  it('is not tried again when the pause would end with the handlers’ time or after it', async () => {
    const { ended, sleeps } = await commitAgainst([cancelled(NONE, CONFLICT)], 500);
    expect(ended).toBeInstanceOf(TransactionCanceledException);
    expect(sleeps.reduce((sum, one) => sum + one, 0)).toBeLessThan(500);
  });

  it('is tried again when a conflict stands beside a failed condition, which says nothing final', async () => {
    expect((await commitAgainst([cancelled(NONE, FAILED, CONFLICT), undefined])).ended).toBe('committed');
  });

  it.each([
    ['a conflict beside a fault of the request', [NONE, CONFLICT, { Code: 'ValidationError' }]],
    ['a failed condition beside a fault of the request', [NONE, FAILED, { Code: 'ValidationError' }]],
    ['no reason', []],
  ])('fails as it is with %s', async (_what, reasons) => {
    const { ended, sent } = await commitAgainst([cancelled(...reasons)]);
    expect(ended).toBeInstanceOf(TransactionCanceledException);
    expect(sent).toBe(1);
  });

  it('tells which write was rejected, and with what in its place', async () => {
    const item = { id: { S: '1' }, stock: { N: '0' } };
    const { ended } = await commitAgainst([cancelled(NONE, { ...FAILED, Item: item })]);
    expect(ended).toBeInstanceOf(CommitRejectedError);
    expect(ended).toMatchObject({ rejections: [{ code: 'ConditionalCheckFailed', item }] });
  });

  it.each([
    ['COMPLETED by this very commit, whose answer was lost', record('COMPLETED', 'token'), 'committed'],
    ['COMPLETED by another', record('COMPLETED', 'other'), AlreadyCompletedError],
    ['IN_PROGRESS again, though it has the token', record('IN_PROGRESS', 'token'), LeaseLostError],
    ['gone', FAILED, LeaseLostError],
  ])('whose record is %s ends accordingly', async (_what, reason, end) => {
    const { ended } = await commitAgainst([cancelled(reason, NONE)]);
    if (typeof end === 'string') expect(ended).toBe(end);
    else expect(ended).toBeInstanceOf(end);
  });
});
