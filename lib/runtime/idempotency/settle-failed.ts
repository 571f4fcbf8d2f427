import { UpdateItemCommand, type UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import type { StatementOutcome } from './batch-statements.ts';
import type { EventFacts } from './facts.ts';
import { errorAttribute } from './record.ts';
import type { Tenancy } from './tenancy.ts';

/** An event that failed, and why. */
export interface Failure {
  readonly facts: EventFacts;
  readonly as: 'failed';
  readonly error: Error;
}

/**
 * Notes failures with their reasons, side by side: a request each, for a batch of PartiQL statements cannot set two
 * attributes in a way that the embedded engine and DynamoDB both take. What is committed or completed stays as it is.
 *
 * @param claimed whether the events are this invocation's by a claim; if not, only earlier failures may be in the way
 */
export async function settleFailed(
  tenancy: Tenancy,
  failures: readonly Failure[],
  claimed: boolean,
): Promise<Map<string, StatementOutcome>> {
  const notes = failures.map(async (failure) => {
    const note = claimed ? noteOnClaim(tenancy, failure) : noteWithoutClaim(tenancy, failure);
    return [failure.facts.id, await send(tenancy, note)] as const;
  });
  return new Map(await Promise.all(notes));
}

function noteOnClaim(
  { table, owner, now }: Tenancy,
  { facts: { id }, error }: Failure,
): UpdateItemCommandInput {
  return {
    TableName: table,
    Key: { id: { S: id } },
    UpdateExpression: 'SET #status = :failed, #error = :error, failedAt = :now',
    ConditionExpression: '#owner = :owner AND #status = :inProgress',
    ExpressionAttributeNames: { '#status': 'status', '#error': 'error', '#owner': 'owner' },
    ExpressionAttributeValues: {
      ':failed': { S: 'FAILED' },
      ':error': errorAttribute(error),
      ':owner': { S: owner },
      ':inProgress': { S: 'IN_PROGRESS' },
      ':now': { N: String(now()) },
    },
  };
}

function noteWithoutClaim(
  { table, expiresAt, now }: Tenancy,
  { facts: { id, attributes }, error }: Failure,
): UpdateItemCommandInput {
  const facts = Object.entries(attributes);
  return {
    TableName: table,
    Key: { id: { S: id } },
    UpdateExpression: `SET #status = :failed, #error = :error, failedAt = :now, expiresAt = :expiresAt${facts
      .map(([name]) => `, #${name} = :${name}`)
      .join('')} ADD attempts :one`,
    ConditionExpression: 'attribute_not_exists(id) OR #status = :failed',
    ExpressionAttributeNames: {
      '#status': 'status',
      '#error': 'error',
      ...Object.fromEntries(facts.map(([name]) => [`#${name}`, name])),
    },
    ExpressionAttributeValues: {
      ':failed': { S: 'FAILED' },
      ':error': errorAttribute(error),
      ':now': { N: String(now()) },
      ':expiresAt': { N: String(expiresAt) },
      ':one': { N: '1' },
      ...Object.fromEntries(facts.map(([name, value]) => [`:${name}`, value])),
    },
  };
}

async function send({ dynamodb }: Tenancy, note: UpdateItemCommandInput): Promise<StatementOutcome> {
  try {
    await dynamodb.send(new UpdateItemCommand(note));
    return { code: 'done' };
  } catch (error) {
    // The message comes back whatever became of this note; a record that stays IN_PROGRESS is free after its lease.
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return { code: name, message };
  }
}
