import type { AttributeValue, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { EventFacts } from './facts.ts';
import type { LeaseContext } from './lease-context.ts';
import { completedAttribute, outboxAttribute } from './record.ts';

/** The change that a commit makes to the record of its event. */
export interface RecordChange {
  readonly facts: EventFacts;
  readonly outbox: readonly string[];
  /** Epoch milliseconds at which the handler began. */
  readonly startedAt: number;
  /** Whether the event was claimed before; if not, the transaction itself is the claim. */
  readonly claimed: boolean;
  /** Identifies the commit, so that a lost answer can be detected. */
  readonly token: string;
}

/** The write of the transaction that marks the event as done. Its condition: this invocation may handle the event. */
export function recordWrite(leaseContext: LeaseContext, change: RecordChange): TransactWriteItem {
  return change.claimed ? updateClaimed(leaseContext, change) : putUnclaimed(leaseContext, change);
}

function updateClaimed(
  { table, owner, now }: LeaseContext,
  { facts, outbox, token }: RecordChange,
): TransactWriteItem {
  const emits = outbox.length > 0;
  return {
    Update: {
      TableName: table,
      Key: { id: { S: facts.id } },
      UpdateExpression: `SET #status = :status, commitToken = :token${emits ? ', outbox = :outbox' : ''}`,
      ConditionExpression: '#owner = :owner AND #status = :inProgress',
      ExpressionAttributeNames: { '#status': 'status', '#owner': 'owner' },
      ExpressionAttributeValues: {
        ':status': emits ? { S: 'COMMITTED' } : completedAttribute(now(), []),
        ':token': { S: token },
        ':owner': { S: owner },
        ':inProgress': { S: 'IN_PROGRESS' },
        ...(emits && { ':outbox': outboxAttribute(outbox) }),
      },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
}

/**
 * An event without a claim is in its message's first delivery, so this is its first attempt. A record that has failed since the
 * invocation began is not overwritten: the event may be in the dead-letter queue, and then no message is left to publish the outbox.
 */
function putUnclaimed(
  { table, owner, expiresAt, now, startedAt: invokedAt }: LeaseContext,
  { facts: { id, attributes }, outbox, startedAt, token }: RecordChange,
): TransactWriteItem {
  const emits = outbox.length > 0;
  const item = {
    status: emits ? { S: 'COMMITTED' } : completedAttribute(now(), []),
    owner: { S: owner },
    commitToken: { S: token },
    attempts: { N: '1' },
    startedAt: { N: String(startedAt) },
    expiresAt: { N: String(expiresAt) },
    ...attributes,
    ...(emits && { outbox: outboxAttribute(outbox) }),
  };
  const { expression, names, values } = replacement(item);
  return {
    Update: {
      TableName: table,
      Key: { id: { S: id } },
      UpdateExpression: expression,
      ConditionExpression:
        'attribute_not_exists(id) OR (#status = :failed AND (attribute_not_exists(failedAt) OR failedAt < :invokedAt) AND (attribute_not_exists(dead) OR startedAt < :invokedAt)) OR (#status = :inProgress AND leaseUntil < :now) OR expiresAt < :nowSeconds',
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: {
        ...values,
        ':failed': { S: 'FAILED' },
        ':inProgress': { S: 'IN_PROGRESS' },
        ':invokedAt': { N: String(invokedAt) },
        ':now': { N: String(now()) },
        ':nowSeconds': { N: String(Math.floor(now() / 1000)) },
      },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
}

/** Attributes of an earlier message's record that are removed. Its attempt notes stay, because a trace shows them. */
const LEFT_OVER = [
  ...['outbox', 'error', 'failedAt', 'emitted', 'alone', 'leaseUntil', 'dead', 'operation'],
  ...['type', 'digest', 'time', 'correlationId', 'causationId', 'replay'],
];

/** An update that sets these attributes and removes those of an earlier message. It costs the same as a Put. */
function replacement(item: Readonly<Record<string, AttributeValue>>) {
  const set = Object.keys(item);
  const remove = LEFT_OVER.filter((name) => !(name in item));
  return {
    expression: `SET ${set.map((name) => `#${name} = :${name}`).join(', ')} REMOVE ${remove.map((name) => `#${name}`).join(', ')}`,
    names: Object.fromEntries([...set, ...remove].map((name) => [`#${name}`, name])),
    values: Object.fromEntries(Object.entries(item).map(([name, value]) => [`:${name}`, value])),
  };
}
