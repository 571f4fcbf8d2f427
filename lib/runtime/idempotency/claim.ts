import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { executeStatements, insertion, type RecordStatement } from './batch-statements.ts';
import type { EventFacts } from './facts.ts';
import { type IdempotencyRecord, readRecord } from './record.ts';
import type { Tenancy } from './tenancy.ts';

/** What claiming an event came to. */
export type Claim =
  /** It is ours until the lease runs out. */
  | { readonly status: 'claimed' }
  /** Somebody has finished it. */
  | { readonly status: 'completed' }
  /** Its effect has happened, its events may not be published yet. */
  | { readonly status: 'committed'; readonly outbox: readonly string[] }
  /** Somebody else is at it, until then at the longest. */
  | { readonly status: 'busy'; readonly leaseUntil: number }
  /** DynamoDB could not answer: no claim, no work. */
  | { readonly status: 'unavailable'; readonly error: Error };

/**
 * Claims events for one invocation: one request for up to 25 of them, and one more for each that somebody had before.
 *
 * @param events each once
 * @returns the claims by the events' identities
 */
export async function claimAll(tenancy: Tenancy, events: readonly EventFacts[]): Promise<Map<string, Claim>> {
  const outcomes = await executeStatements(
    tenancy.dynamodb,
    events.map((event) => insertClaim(tenancy, event)),
  );
  const claims = await Promise.all(
    events.map(async ({ id }): Promise<[string, Claim]> => {
      const outcome = outcomes.get(id) ?? { code: 'Unknown', message: 'no answer' };
      if (outcome.code === 'done') return [id, { status: 'claimed' }];
      if (outcome.code === 'DuplicateItem') return [id, await takeOver(tenancy, id)];
      const message = 'message' in outcome ? outcome.message : '';
      return [
        id,
        { status: 'unavailable', error: new Error(`the claim failed: ${outcome.code} ${message}`) },
      ];
    }),
  );
  return new Map(claims);
}

function insertClaim(
  { table, owner, leaseUntil, expiresAt, now }: Tenancy,
  { id, attributes }: EventFacts,
): RecordStatement {
  return insertion(table, {
    id: { S: id },
    status: { S: 'IN_PROGRESS' },
    owner: { S: owner },
    leaseUntil: { N: String(leaseUntil) },
    attempts: { N: '1' },
    startedAt: { N: String(now()) },
    expiresAt: { N: String(expiresAt) },
    ...attributes,
  });
}

/**
 * Takes a record over that is free again: it failed, its lease has run out, or its time is over (TTL deletes late).
 * A record of this very invocation counts as free: it is our own claim, whose answer was lost on the way.
 */
async function takeOver(tenancy: Tenancy, id: string): Promise<Claim> {
  const { dynamodb, table, owner, leaseUntil, expiresAt, now } = tenancy;
  try {
    await dynamodb.send(
      new UpdateItemCommand({
        TableName: table,
        Key: { id: { S: id } },
        UpdateExpression:
          'SET #status = :inProgress, #owner = :owner, leaseUntil = :leaseUntil, startedAt = :now, expiresAt = :expiresAt ADD attempts :one REMOVE outbox',
        ConditionExpression:
          '#status = :failed OR (#status = :inProgress AND (leaseUntil < :now OR #owner = :owner)) OR expiresAt < :nowSeconds',
        ExpressionAttributeNames: { '#status': 'status', '#owner': 'owner' },
        ExpressionAttributeValues: {
          ':inProgress': { S: 'IN_PROGRESS' },
          ':failed': { S: 'FAILED' },
          ':owner': { S: owner },
          ':leaseUntil': { N: String(leaseUntil) },
          ':expiresAt': { N: String(expiresAt) },
          ':one': { N: '1' },
          ':now': { N: String(now()) },
          ':nowSeconds': { N: String(Math.floor(now() / 1000)) },
        },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    return { status: 'claimed' };
  } catch (error) {
    // A record that is not free is an answer, not an error; without one there is no claim, and so no work.
    if (error instanceof ConditionalCheckFailedException && error.Item)
      return claimOf(readRecord(error.Item));
    return { status: 'unavailable', error: error instanceof Error ? error : new Error(String(error)) };
  }
}

function claimOf(record: IdempotencyRecord): Claim {
  switch (record.status) {
    case 'COMPLETED':
      return { status: 'completed' };
    case 'COMMITTED':
      return { status: 'committed', outbox: record.outbox };
    case 'IN_PROGRESS':
      return { status: 'busy', leaseUntil: record.leaseUntil };
    case 'FAILED':
      // It failed between our two requests; the message comes back and finds it so.
      return { status: 'busy', leaseUntil: record.leaseUntil };
  }
}
