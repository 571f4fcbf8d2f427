import type { AttributeValue, UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import type { Content } from '../../publishing/topic/content.ts';
import { MAKE_ROOM_FOR_NOTE, notesAfterDeath } from './attempt-notes.ts';
import type { ClaimRequest } from './claim-outcome.ts';
import type { LeaseContext } from './lease-context.ts';
import type { IdempotencyRecord } from './record.ts';

/** A condition on the record to take over. */
interface Condition {
  readonly expression: string;
  readonly values: (now: number, request: ClaimRequest) => Readonly<Record<string, AttributeValue>>;
}

/** The last attempt has failed. */
export const FAILED: Condition = {
  expression: '#status = :failed AND expiresAt >= :nowSeconds',
  values: (now) => ({ ':failed': { S: 'FAILED' }, ':nowSeconds': seconds(now) }),
};
/**
 * Failed since this message was first received: the count of its attempts continues. What began with an event after it was given up (`dead`)
 * was no attempt.
 */
export const FAILED_SINCE: Condition = {
  expression: `${FAILED.expression} AND (failedAt >= :firstReceivedAt OR (startedAt >= :firstReceivedAt AND attribute_not_exists(dead)))`,
  values: (now, request) => ({
    ...FAILED.values(now, request),
    ':firstReceivedAt': { N: String(request.firstReceivedAt) },
  }),
};
/** The record has expired, and DynamoDB has not deleted it yet. */
export const EXPIRED: Condition = {
  expression: 'expiresAt < :nowSeconds',
  values: (now) => ({ ':nowSeconds': seconds(now) }),
};
/** The lease is over. The update itself has the values `:inProgress` and `:now`. */
export const LEASE_OVER: Condition = {
  expression: '#status = :inProgress AND leaseUntil < :now',
  values: () => ({}),
};

/** One try to take a record over. */
export interface TakeOver {
  readonly condition: Condition;
  /** How the attempt is counted: `first` begins a new count, `next` adds one, `same` counts no attempt. */
  readonly count: 'first' | 'next' | 'same';
  /** Set when the process died: the event is handled alone, and a note about that attempt is added. */
  readonly suspect?: IdempotencyRecord;
  /** Set when the record is known to have no notes. */
  readonly withoutNotes?: true;
}

/** The update that takes a record over, if its condition holds. It returns the record as it was. */
export function takeOverUpdate(
  leaseContext: LeaseContext,
  request: ClaimRequest,
  attempt: TakeOver,
): UpdateItemCommandInput {
  const { id, content, attributes } = request.facts;
  return {
    TableName: leaseContext.table,
    Key: { id: { S: id } },
    UpdateExpression: updateExpression(attempt, content, attributes.replay),
    ConditionExpression: attempt.condition.expression,
    ExpressionAttributeNames: {
      '#status': 'status',
      '#owner': 'owner',
      ...(content.digest !== undefined && { '#type': 'type' }),
    },
    ExpressionAttributeValues: valuesOf(leaseContext, request, attempt),
    ReturnValues: 'ALL_OLD',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}

function updateExpression(
  { count, suspect, withoutNotes }: TakeOver,
  { digest }: Content,
  replay: AttributeValue | undefined,
): string {
  const set = [
    '#status = :inProgress',
    '#owner = :owner',
    'leaseUntil = :leaseUntil',
    'startedAt = :now',
    'expiresAt = :expiresAt',
    ...(count === 'first' ? ['attempts = :one'] : []),
    ...(suspect ? ['alone = :true', 'attemptNotes = :notes'] : []),
    ...(digest === undefined ? [] : ['#type = :type', 'digest = :digest']),
    ...(replay ? ['replay = :replay'] : []),
  ];
  const remove = ['outbox', 'commitToken', 'operation'];
  // An event that is given up stays so while the count of its attempts continues: only its dead letter is missing.
  if (count === 'first') remove.push('dead');
  if (!replay) remove.push('replay');
  if (!suspect) remove.push('alone');
  if (!suspect && !withoutNotes) remove.push(MAKE_ROOM_FOR_NOTE);
  return `SET ${set.join(', ')}${count === 'next' ? ' ADD attempts :one' : ''} REMOVE ${remove.join(', ')}`;
}

function valuesOf(
  { owner, leaseUntil, expiresAt, now }: LeaseContext,
  request: ClaimRequest,
  { condition, count, suspect }: TakeOver,
): Record<string, AttributeValue> {
  const at = now();
  const { content, attributes } = request.facts;
  return {
    ':inProgress': { S: 'IN_PROGRESS' },
    ':owner': { S: owner },
    ':leaseUntil': { N: String(leaseUntil) },
    ':expiresAt': { N: String(expiresAt) },
    ...(count !== 'same' && { ':one': { N: '1' } }),
    ':now': { N: String(at) },
    ...(suspect && { ':true': { BOOL: true }, ':notes': notesAfterDeath(suspect) }),
    ...(content.digest !== undefined && { ':type': { S: content.type }, ':digest': { S: content.digest } }),
    ...(attributes.replay && { ':replay': attributes.replay }),
    ...condition.values(at, request),
  };
}

function seconds(milliseconds: number): AttributeValue {
  return { N: String(Math.floor(milliseconds / 1000)) };
}
