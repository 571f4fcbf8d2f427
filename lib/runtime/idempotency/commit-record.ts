import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { EventFacts } from './facts.ts';
import { completedAttribute, outboxAttribute } from './record.ts';
import type { Tenancy } from './tenancy.ts';

/** What a commit makes of the record of its event. */
export interface RecordChange {
  readonly facts: EventFacts;
  readonly outbox: readonly string[];
  /** Epoch milliseconds at which the handler began. */
  readonly startedAt: number;
  /** Whether the event was claimed before; if not, the transaction itself is the claim. */
  readonly claimed: boolean;
  /** By which the commit is recognised. */
  readonly token: string;
}

/** The write of a transaction that notes the event as done, on the condition that it is this invocation's to do. */
export function recordWrite(tenancy: Tenancy, change: RecordChange): TransactWriteItem {
  return change.claimed ? updateClaimed(tenancy, change) : putUnclaimed(tenancy, change);
}

function updateClaimed(
  { table, owner, now }: Tenancy,
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
 * Without a claim it is the first delivery of its message, and so the first attempt. What has failed since the invocation began
 * is not written over: the event may be in the dead-letter queue by now, with no message left to publish an outbox.
 */
function putUnclaimed(
  { table, owner, expiresAt, now, startedAt: invokedAt }: Tenancy,
  { facts: { id, attributes }, outbox, startedAt, token }: RecordChange,
): TransactWriteItem {
  const emits = outbox.length > 0;
  return {
    Put: {
      TableName: table,
      Item: {
        id: { S: id },
        status: emits ? { S: 'COMMITTED' } : completedAttribute(now(), []),
        owner: { S: owner },
        commitToken: { S: token },
        attempts: { N: '1' },
        startedAt: { N: String(startedAt) },
        expiresAt: { N: String(expiresAt) },
        ...attributes,
        ...(emits && { outbox: outboxAttribute(outbox) }),
      },
      ConditionExpression:
        'attribute_not_exists(id) OR (#status = :failed AND (attribute_not_exists(failedAt) OR failedAt < :invokedAt)) OR (#status = :inProgress AND leaseUntil < :now) OR expiresAt < :nowSeconds',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: {
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
