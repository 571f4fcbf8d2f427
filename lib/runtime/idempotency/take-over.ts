import {
  type AttributeValue,
  ConditionalCheckFailedException,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { toError } from '../error-reason.ts';
import type { Claim, ClaimRequest } from './claim.ts';
import type { Content } from './content.ts';
import { type IdempotencyRecord, readRecord } from './record.ts';
import type { Tenancy } from './tenancy.ts';

/** Which record may be taken over. */
interface Condition {
  readonly expression: string;
  readonly values: (now: number, request: ClaimRequest) => Readonly<Record<string, AttributeValue>>;
}

const FAILED: Condition = {
  expression: '#status = :failed AND expiresAt >= :nowSeconds',
  values: (now) => ({ ':failed': { S: 'FAILED' }, ':nowSeconds': seconds(now) }),
};
/** Failed since this very message was first received: its attempts go on being counted. */
const FAILED_SINCE: Condition = {
  expression: `${FAILED.expression} AND (startedAt >= :firstReceivedAt OR failedAt >= :firstReceivedAt)`,
  values: (now, request) => ({
    ...FAILED.values(now, request),
    ':firstReceivedAt': { N: String(request.firstReceivedAt) },
  }),
};
const EXPIRED: Condition = {
  expression: 'expiresAt < :nowSeconds',
  values: (now) => ({ ':nowSeconds': seconds(now) }),
};
/** `:inProgress` and `:now` are values of the update itself. */
const LEASE_OVER: Condition = {
  expression: '#status = :inProgress AND leaseUntil < :now',
  values: () => ({}),
};

/**
 * Takes over a record that is free: its last attempt failed, or its time is over (DynamoDB deletes late). One whose
 * process died is left for `takeOverSuspect`. The attempt is counted with it.
 */
export async function takeOver(tenancy: Tenancy, request: ClaimRequest): Promise<Claim> {
  const first = await take(
    tenancy,
    request,
    request.firstDelivery
      ? { condition: FAILED, count: 'first', alone: false }
      : { condition: FAILED_SINCE, count: 'next', alone: false },
  );
  if (first.status !== 'refused') return first;
  const { record } = first;
  const { owner, leaseUntil, status } = record;
  const expired = record.expiresAt < Math.floor(tenancy.now() / 1000);
  if (expired || (status === 'FAILED' && isOfEarlierMessage(record, request))) {
    // What such a record counts is of another time: the count begins anew.
    const condition = expired ? EXPIRED : FAILED;
    const renewed = await take(tenancy, request, { condition, count: 'first', alone: false });
    return renewed.status === 'refused' ? claimOf(tenancy, renewed.record) : renewed;
  }
  if (status === 'IN_PROGRESS' && owner !== tenancy.owner && leaseUntil < tenancy.now()) {
    return { status: 'suspect', record };
  }
  return claimOf(tenancy, record);
}

/**
 * Takes over the record of an event whose process died, right before its handler begins with nothing else beside it.
 *
 * @param taking `exhausted`: it is only taken over to be given up, which is no attempt; `fresh`: a new count begins
 */
export async function takeOverSuspect(
  tenancy: Tenancy,
  request: ClaimRequest,
  { exhausted, fresh }: { readonly exhausted: boolean; readonly fresh: boolean },
): Promise<Claim> {
  const count = exhausted ? 'same' : fresh ? 'first' : 'next';
  const taken = await take(tenancy, request, { condition: LEASE_OVER, count, alone: true });
  return taken.status === 'refused' ? claimOf(tenancy, taken.record) : taken;
}

/** Whether the attempts that a record counts were made with another message of the event, which has come to its end. */
export function isOfEarlierMessage({ lastActiveAt }: IdempotencyRecord, request: ClaimRequest): boolean {
  return request.firstDelivery || lastActiveAt < request.firstReceivedAt;
}

interface Taking {
  readonly condition: Condition;
  /** Which attempt begins with it: the first of a new count, the next of the count, or none. */
  readonly count: 'first' | 'next' | 'same';
  readonly alone: boolean;
}

type Taken = Claim | { readonly status: 'refused'; readonly record: IdempotencyRecord };

async function take(tenancy: Tenancy, request: ClaimRequest, taking: Taking): Promise<Taken> {
  const { dynamodb, table } = tenancy;
  const { content } = request.facts;
  try {
    const { Attributes = {} } = await dynamodb.send(
      new UpdateItemCommand({
        TableName: table,
        Key: { id: { S: request.facts.id } },
        UpdateExpression: updateExpression(taking, content),
        ConditionExpression: taking.condition.expression,
        ExpressionAttributeNames: {
          '#status': 'status',
          '#owner': 'owner',
          ...(content.digest !== undefined && { '#type': 'type' }),
        },
        ExpressionAttributeValues: valuesOf(tenancy, request, taking),
        ReturnValues: 'ALL_OLD',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    const earlier = readRecord(Attributes);
    return { status: 'claimed', attempts: attemptsAfter(earlier, taking), earlier };
  } catch (error) {
    return refusalOf(error);
  }
}

/** A record that is not free is an answer, not an error; without one there is no claim, and so no work. */
function refusalOf(error: unknown): Taken {
  if (!(error instanceof ConditionalCheckFailedException && error.Item)) {
    return { status: 'unavailable', error: toError(error) };
  }
  try {
    return { status: 'refused', record: readRecord(error.Item) };
  } catch (unreadable) {
    // Not a record of ours: this event cannot be claimed, and the others of its batch must not suffer from it.
    return { status: 'unavailable', error: toError(unreadable) };
  }
}

function attemptsAfter({ attempts }: IdempotencyRecord, { count }: Taking): number {
  if (count === 'first') return 1;
  return count === 'next' ? attempts + 1 : attempts;
}

function updateExpression({ count, alone }: Taking, { digest }: Content): string {
  const set = [
    '#status = :inProgress',
    '#owner = :owner',
    'leaseUntil = :leaseUntil',
    'startedAt = :now',
    'expiresAt = :expiresAt',
    ...(count === 'first' ? ['attempts = :one'] : []),
    ...(alone ? ['alone = :true'] : []),
    ...(digest === undefined ? [] : ['#type = :type', 'digest = :digest']),
  ];
  const remove = ['outbox', 'commitToken', ...(alone ? [] : ['alone'])];
  return `SET ${set.join(', ')}${count === 'next' ? ' ADD attempts :one' : ''} REMOVE ${remove.join(', ')}`;
}

function valuesOf(
  { owner, leaseUntil, expiresAt, now }: Tenancy,
  request: ClaimRequest,
  { condition, count, alone }: Taking,
): Record<string, AttributeValue> {
  const at = now();
  const { content } = request.facts;
  return {
    ':inProgress': { S: 'IN_PROGRESS' },
    ':owner': { S: owner },
    ':leaseUntil': { N: String(leaseUntil) },
    ':expiresAt': { N: String(expiresAt) },
    ...(count !== 'same' && { ':one': { N: '1' } }),
    ':now': { N: String(at) },
    ...(alone && { ':true': { BOOL: true } }),
    ...(content.digest !== undefined && { ':type': { S: content.type }, ':digest': { S: content.digest } }),
    ...condition.values(at, request),
  };
}

function seconds(milliseconds: number): AttributeValue {
  return { N: String(Math.floor(milliseconds / 1000)) };
}

function claimOf({ owner }: Tenancy, record: IdempotencyRecord): Claim {
  switch (record.status) {
    case 'COMPLETED':
    case 'COMMITTED':
      return { status: 'done', record };
    case 'IN_PROGRESS':
      // Our own claim, whose answer was lost on the way: it is counted already.
      return record.owner === owner
        ? { status: 'claimed', attempts: record.attempts, earlier: record }
        : { status: 'busy', leaseUntil: record.leaseUntil };
    case 'FAILED':
      // It failed between our two requests; the message comes back and finds it so.
      return { status: 'busy', leaseUntil: 0 };
  }
}
