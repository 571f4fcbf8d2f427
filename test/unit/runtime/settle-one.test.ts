import { ConditionalCheckFailedException, type UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import type { LeaseContext } from '../../../lib/runtime/idempotency/lease-context.ts';
import { readRecord } from '../../../lib/runtime/idempotency/record.ts';
import { settleOne } from '../../../lib/runtime/idempotency/settle-one.ts';
import type { Settlement } from '../../../lib/runtime/idempotency/settlement.ts';

const facts = { id: '/a|1', attributes: {}, content: { type: 'a.B.v1', digest: 'mine' } };
const common = { facts, claimed: true, startedAt: 0 } as const;
const completed: Settlement = { ...common, status: 'completed', emitted: [] };
const published: Settlement = { ...common, status: 'published', emitted: [] };
const released: Settlement = { ...common, status: 'released' };
const suspect: Settlement = { ...released, suspect: readRecord({ status: { S: 'IN_PROGRESS' } }) };
const failed: Settlement = {
  ...common,
  status: 'failed',
  error: new Error('broken'),
  dead: false,
  attempt: 1,
  endedAt: 0,
  digests: [],
};
const throttled = Object.assign(new Error('slow down'), { name: 'ThrottlingException' });

/** Settles against a table that answers in turn, and then with the last: an error, or nothing when it has taken the update. */
async function settleAgainst(
  settlement: Settlement,
  answers: readonly (Error | undefined)[],
  until = Number.POSITIVE_INFINITY,
) {
  const sentAt: number[] = [];
  let now = 0;
  // The port's send is generic over commands; this one answers the only one that is sent.
  const send = async (_: UpdateItemCommand) => {
    const answer = answers[Math.min(sentAt.length, answers.length - 1)];
    sentAt.push(now);
    if (answer) throw answer;
    return {};
  };
  const leaseContext: LeaseContext = {
    dynamodb: { send } as unknown as LeaseContext['dynamodb'],
    table: 'records',
    owner: 'me',
    startedAt: 0,
    leaseUntil: 1,
    expiresAt: 1,
    now: () => now,
    sleep: async (milliseconds) => {
      now += milliseconds;
    },
    random: () => 1,
  };
  return { verdict: await settleOne(leaseContext, settlement, until), sentAt };
}

describe('a settlement', () => {
  it('is tried again after what passes, with pauses that grow to half a second', async () => {
    const { verdict, sentAt } = await settleAgainst(completed, [...Array(7).fill(throttled), undefined]);
    expect(verdict).toEqual({ status: 'settled' });
    const pauses = sentAt.slice(1).map((at, index) => at - (sentAt[index] ?? 0));
    expect(pauses).toEqual([25, 50, 100, 200, 400, 500, 500]);
  });

  it.each<[string, Settlement, Error, number, number[]]>([
    ['when the pause would end with its time', failed, throttled, 175, [0, 25, 75]],
    ['after four tries to give a claim back', released, throttled, 10_000, [0, 25, 75, 175]],
    ['with its time, to put a suspect back', suspect, throttled, 1_000, [0, 25, 75, 175, 375, 775]],
    ['at once after what does not pass', completed, new Error('refused'), 10_000, [0]],
  ])('ends %s', async (_, settlement, error, until, expected) => {
    const { verdict, sentAt } = await settleAgainst(settlement, [error], until);
    expect(verdict).toEqual({ status: 'unavailable', error });
    expect(sentAt).toEqual(expected);
  });
});

/** The update is refused, because the record is like this. */
const refused = (status: string, more: object = {}) =>
  new ConditionalCheckFailedException({
    message: 'refused',
    $metadata: {},
    Item: {
      id: { S: '/a|1' },
      status: { S: status },
      owner: { S: 'other' },
      leaseUntil: { N: '7' },
      ...more,
    },
  });

describe('a settlement that the record refuses', () => {
  const outbox = { L: [{ S: '{}' }] };
  const others = { type: { S: 'a.B.v1' }, digest: { S: 'other' } };
  it.each<[string, Settlement, Error, object]>([
    [
      'is done without one',
      completed,
      new ConditionalCheckFailedException({ message: '', $metadata: {} }),
      { status: 'settled' },
    ],
    ['hears that another is done', failed, refused('COMPLETED'), { status: 'completed' }],
    [
      'hears that it is of another event',
      failed,
      refused('COMPLETED', others),
      { status: 'completed', earlier: expect.objectContaining({ digest: 'other' }) },
    ],
    [
      'hears that events are to be published',
      failed,
      refused('COMMITTED', { outbox }),
      { status: 'committed' },
    ],
    ['hears who has the lease', completed, refused('IN_PROGRESS'), { status: 'leased', leaseUntil: 7 }],
    ['hears that another has failed', completed, refused('FAILED'), { status: 'leased', leaseUntil: 0 }],
    ['was its own', failed, refused('FAILED', { owner: { S: 'me' } }), { status: 'settled' }],
    ['has published already', published, refused('FAILED'), { status: 'completed' }],
    ['cannot be read', completed, refused('STRANGE'), { status: 'unavailable', error: expect.any(Error) }],
  ])('%s', async (_, settlement, answer, verdict) => {
    expect((await settleAgainst(settlement, [answer])).verdict).toEqual(verdict);
  });
});
