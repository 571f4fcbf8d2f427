import {
  type AttributeValue,
  ConditionalCheckFailedException,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { backoffMilliseconds } from '../backoff.ts';
import { toError } from '../error-reason.ts';
import { isTransient } from '../transient.ts';
import { conflicts } from './content.ts';
import {
  completedAttribute,
  emittedAttribute,
  errorAttribute,
  outboxAttribute,
  readRecord,
} from './record.ts';
import type { Settlement, Verdict } from './settlement.ts';
import type { Tenancy } from './tenancy.ts';

const FIRST_PAUSE_MS = 25;
const LONGEST_PAUSE_MS = 500;
/** Nothing has happened with what is given back: a table that does not answer must not hold the invocation up for it. */
const MAX_RELEASES = 4;

/** Records that a finished event may be written over: none, or one that nobody holds any more. */
const FREE_OR_OURS =
  'attribute_not_exists(id) OR #status = :failed OR (#status = :inProgress AND (#owner = :owner OR leaseUntil < :now)) OR expiresAt < :nowSeconds';
/** Records that the failure of a first delivery may be written over: later attempts must go on being counted. */
const UNTRIED_SINCE =
  'attribute_not_exists(id) OR (#status = :failed AND (attribute_not_exists(failedAt) OR failedAt < :startedAt)) OR expiresAt < :nowSeconds';
const OURS = '#owner = :owner AND #status = :inProgress';

/**
 * Settles one event, on the condition that its record is still free or ours, and asks the record what it says if it is
 * not. Throttling and lost answers are tried again as long as there is time: what has happened must be noted.
 *
 * @param until epoch milliseconds
 */
export async function settleOne(tenancy: Tenancy, settlement: Settlement, until: number): Promise<Verdict> {
  for (let attempt = 1; ; attempt++) {
    try {
      await tenancy.dynamodb.send(new UpdateItemCommand(updateOf(tenancy, settlement)));
      return { kind: 'settled' };
    } catch (error) {
      // A record that is not as expected is an answer; anything else is tried again, or left to the next delivery.
      if (error instanceof ConditionalCheckFailedException) {
        return verdictOf(tenancy, settlement, error.Item);
      }
      const pause = backoffMilliseconds(attempt, {
        first: FIRST_PAUSE_MS,
        longest: LONGEST_PAUSE_MS,
        random: tenancy.random,
      });
      const givesUp = settlement.as === 'released' && attempt === MAX_RELEASES;
      if (givesUp || tenancy.now() + pause >= until || !isTransient(error)) {
        return { kind: 'unavailable', error: toError(error) };
      }
      await tenancy.sleep(pause);
    }
  }
}

function verdictOf(
  tenancy: Tenancy,
  { as, facts: { content } }: Settlement,
  item: Record<string, AttributeValue> | undefined,
): Verdict {
  // No record, and so nothing that says that the event is done.
  if (!item) return { kind: 'settled' };
  try {
    const record = readRecord(item);
    const { status, leaseUntil, owner } = record;
    if (status === 'COMPLETED')
      return conflicts(content, record) ? { kind: 'finished', earlier: record } : { kind: 'finished' };
    if (status === 'COMMITTED') return { kind: 'committed' };
    if (status === 'IN_PROGRESS') return { kind: 'taken', leaseUntil };
    if (as === 'published') return { kind: 'finished' };
    // Our own note, whose answer was lost; or that of another invocation, whose message of the event comes again.
    return owner === tenancy.owner ? { kind: 'settled' } : { kind: 'taken', leaseUntil: 0 };
  } catch (error) {
    // Not a record of ours: the message stays, and the error is logged.
    return { kind: 'unavailable', error: toError(error) };
  }
}

interface Update {
  readonly set: Readonly<Record<string, AttributeValue>>;
  readonly rest?: string;
  readonly condition: string;
  readonly values?: Readonly<Record<string, AttributeValue>>;
}

function updateOf(tenancy: Tenancy, settlement: Settlement): UpdateItemCommandInput {
  const { set, rest = '', condition, values = {} } = changeOf(tenancy, settlement);
  const names = Object.keys(set);
  const assignments = names.map((name) => `#${name} = :set_${name}`);
  const assigned = Object.entries(set).map(([name, value]) => [`:set_${name}`, value] as const);
  return {
    TableName: tenancy.table,
    Key: { id: { S: settlement.facts.id } },
    UpdateExpression: `SET ${assignments.join(', ')}${rest}`,
    ConditionExpression: condition,
    ExpressionAttributeNames: {
      ...Object.fromEntries(names.map((name) => [`#${name}`, name])),
      '#status': 'status',
      ...(condition.includes('#owner') && { '#owner': 'owner' }),
    },
    ExpressionAttributeValues: {
      ...conditionValues(tenancy, condition),
      ...Object.fromEntries(assigned),
      ...values,
    },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}

function changeOf(tenancy: Tenancy, settlement: Settlement): Update {
  const { owner, expiresAt, now } = tenancy;
  const whole = {
    ...settlement.facts.attributes,
    owner: { S: owner },
    expiresAt: { N: String(expiresAt) },
  };
  switch (settlement.as) {
    case 'completed':
      return {
        set: { ...whole, status: completedAttribute(now(), settlement.emitted) },
        rest: ' REMOVE outbox',
        condition: FREE_OR_OURS,
      };
    case 'unpublished':
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
      return failure(tenancy, settlement, whole);
    case 'released':
      return {
        set: { status: { S: 'FAILED' } },
        rest: ' ADD attempts :minusOne',
        condition: OURS,
        values: { ':minusOne': { N: '-1' } },
      };
  }
}

function failure(
  { now }: Tenancy,
  { claimed, error, digests }: Settlement & { readonly as: 'failed' },
  whole: Readonly<Record<string, AttributeValue>>,
): Update {
  const set = {
    status: { S: 'FAILED' },
    error: errorAttribute(error),
    failedAt: { N: String(now()) },
    ...(digests.length > 0 && { emitted: emittedAttribute(digests) }),
  };
  if (claimed) return { set, condition: OURS };
  // Without a claim it was the first delivery of its message, and so its first attempt.
  return { set: { ...whole, ...set, attempts: { N: '1' } }, condition: UNTRIED_SINCE };
}

/** The values that a condition names, for DynamoDB refuses any that is not named. */
function conditionValues(
  { owner, startedAt, now }: Tenancy,
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
