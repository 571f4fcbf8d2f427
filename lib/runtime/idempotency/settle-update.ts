import type { AttributeValue, UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import { noteOfFailure, notesAttribute, noteValues, PREPEND_NOTE } from './attempt-notes.ts';
import type { LeaseContext } from './lease-context.ts';
import {
  completedAttribute,
  emittedAttribute,
  errorAttribute,
  type IdempotencyRecord,
  outboxAttribute,
} from './record.ts';
import type { Settlement } from './settlement.ts';

/** A finished event may overwrite these records: no record, or a record without a valid lease of another invocation. */
const FREE_OR_OURS =
  'attribute_not_exists(id) OR #status = :failed OR (#status = :inProgress AND (#owner = :owner OR leaseUntil < :now)) OR expiresAt < :nowSeconds';
/** The failure of a first delivery may overwrite these records. It must not overwrite the count of later attempts. */
const UNTRIED_SINCE =
  'attribute_not_exists(id) OR (#status = :failed AND (attribute_not_exists(failedAt) OR failedAt < :startedAt) AND (attribute_not_exists(dead) OR startedAt < :startedAt)) OR expiresAt < :nowSeconds';
const OURS = '#owner = :owner AND #status = :inProgress';

interface Update {
  readonly set: Readonly<Record<string, AttributeValue>>;
  /** The text after the assignments: one more assignment, or another clause. */
  readonly rest?: string;
  readonly condition: string;
  readonly values?: Readonly<Record<string, AttributeValue>>;
}

/** The update that notes how an event ended, if the record is free or belongs to this invocation. */
export function settleUpdate(leaseContext: LeaseContext, settlement: Settlement): UpdateItemCommandInput {
  const { set, rest = '', condition, values = {} } = changeOf(leaseContext, settlement);
  const names = Object.keys(set);
  const assignments = names.map((name) => `#${name} = :set_${name}`);
  const assigned = Object.entries(set).map(([name, value]) => [`:set_${name}`, value] as const);
  return {
    TableName: leaseContext.table,
    Key: { id: { S: settlement.facts.id } },
    UpdateExpression: `SET ${assignments.join(', ')}${rest}`,
    ConditionExpression: condition,
    ExpressionAttributeNames: {
      ...Object.fromEntries(names.map((name) => [`#${name}`, name])),
      '#status': 'status',
      ...(condition.includes('#owner') && { '#owner': 'owner' }),
    },
    ExpressionAttributeValues: {
      ...conditionValues(leaseContext, condition),
      ...Object.fromEntries(assigned),
      ...values,
    },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}

function changeOf(leaseContext: LeaseContext, settlement: Settlement): Update {
  const { owner, expiresAt, now } = leaseContext;
  const whole = {
    ...settlement.facts.attributes,
    owner: { S: owner },
    expiresAt: { N: String(expiresAt) },
    // A claimed record already has `startedAt`.
    ...(!settlement.claimed && { startedAt: { N: String(settlement.startedAt) } }),
  };
  switch (settlement.status) {
    case 'completed':
      return {
        set: { ...whole, status: completedAttribute(now(), settlement.emitted) },
        rest: ' REMOVE outbox',
        condition: FREE_OR_OURS,
      };
    case 'committed':
      return {
        set: { ...whole, status: { S: 'COMMITTED' }, outbox: outboxAttribute(settlement.outbox) },
        condition: FREE_OR_OURS,
      };
    case 'published':
      return {
        set: { status: completedAttribute(now(), settlement.emitted) },
        rest: ' REMOVE outbox',
        condition: '#status = :committed',
      };
    case 'failed':
      return failure(leaseContext, settlement, whole);
    case 'released':
      return settlement.suspect ? putBack(settlement.suspect) : RELEASE;
    default:
      return settlement satisfies never;
  }
}

/** The attempt that the claim has counted is given back. */
const RELEASE: Update = {
  set: { status: { S: 'FAILED' } },
  rest: ' ADD attempts :minusOne',
  condition: OURS,
  values: { ':minusOne': { N: '-1' } },
};

/** What the take-over of a suspect has changed and the next claim asks for, as it was. */
function putBack(suspect: IdempotencyRecord): Update {
  const { owner, leaseUntil, startedAt, attempts, alone, attemptNotes, dead } = suspect;
  const set = {
    owner: { S: owner },
    leaseUntil: { N: String(leaseUntil) },
    startedAt: { N: String(startedAt) },
    attempts: { N: String(attempts) },
    alone: { BOOL: alone },
    attemptNotes: notesAttribute(attemptNotes),
    ...(dead && { dead: { BOOL: dead } }),
  };
  return { set, condition: OURS };
}

function failure(
  { now }: LeaseContext,
  { claimed, startedAt, endedAt, attempt, error, digests, dead }: Settlement & { readonly status: 'failed' },
  whole: Readonly<Record<string, AttributeValue>>,
): Update {
  const set = {
    status: { S: 'FAILED' },
    error: errorAttribute(error),
    failedAt: { N: String(now()) },
    ...(digests.length > 0 && { emitted: emittedAttribute(digests) }),
    ...(dead && { dead: { BOOL: true } }),
  };
  // An event without a claim is in its message's first delivery, so this was its first attempt.
  const first = { ...whole, ...set, attempts: { N: '1' } };
  // If no handler began now, there is no attempt to note: the event is dead because of earlier attempts.
  const noted =
    endedAt > 0
      ? {
          rest: `, ${PREPEND_NOTE}`,
          values: noteValues(noteOfFailure({ startedAt, attempt: Math.max(1, attempt) }, endedAt, error)),
        }
      : { rest: '' };
  if (claimed) return { set, condition: OURS, ...noted };
  // A claim would have removed these attributes of an earlier message.
  const stale = dead ? ' REMOVE operation' : ' REMOVE operation, dead';
  return { ...noted, set: first, rest: `${noted.rest}${stale}`, condition: UNTRIED_SINCE };
}

/** The values that a condition uses. DynamoDB refuses values that are not used. */
function conditionValues(
  { owner, startedAt, now }: LeaseContext,
  condition: string,
): Record<string, AttributeValue> {
  const values: Record<string, AttributeValue> = {
    ':failed': { S: 'FAILED' },
    ':inProgress': { S: 'IN_PROGRESS' },
    ':committed': { S: 'COMMITTED' },
    ':owner': { S: owner },
    ':startedAt': { N: String(startedAt) },
    ':now': { N: String(now()) },
    ':nowSeconds': { N: String(Math.floor(now() / 1000)) },
  };
  const named = new Set(condition.match(/:\w+/g));
  return Object.fromEntries(Object.entries(values).filter(([name]) => named.has(name)));
}
