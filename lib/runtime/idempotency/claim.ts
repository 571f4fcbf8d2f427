import { noteOfLostDeliveries, notesAttribute } from './attempt-notes.ts';
import { executeStatements, insertion, type RecordStatement } from './batch-statements.ts';
import type { Claim, ClaimRequest } from './claim-outcome.ts';
import type { ClaimContext, LeaseContext } from './lease-context.ts';
import { takeOver } from './take-over.ts';

/**
 * Claims events for one invocation. It sends one request for up to 25 events, and one more for each event that has a record.
 *
 * @param requests the events to claim, each only once
 * @returns the claims by event identity
 */
export async function claimAll(
  context: ClaimContext,
  requests: readonly ClaimRequest[],
): Promise<Map<string, Claim>> {
  const outcomes = executeStatements(
    context.dynamodb,
    requests.map((request) => insertClaim(context, request)),
    context.signal,
  );
  const claims = await Promise.all(
    requests.map(async (request): Promise<[string, Claim]> => {
      const { id } = request.facts;
      const outcome = (await outcomes.get(id)) ?? { code: 'NoAnswer', message: 'no answer' };
      if (outcome.code === 'done') return [id, { status: 'claimed', attempts: 1 }];
      if (outcome.code === 'DuplicateItem') return [id, await takeOver(context, request)];
      const message = 'message' in outcome ? outcome.message : '';
      const error = new Error(`the claim failed: ${outcome.code} ${message}`);
      return [id, { status: 'unavailable', error }];
    }),
  );
  return new Map(claims);
}

function insertClaim(
  { table, owner, leaseUntil, expiresAt, now }: LeaseContext,
  { facts: { id, attributes }, receiveCount, firstReceivedAt }: ClaimRequest,
): RecordStatement {
  const lost = receiveCount - 1;
  return insertion(table, {
    id: { S: id },
    status: { S: 'IN_PROGRESS' },
    owner: { S: owner },
    leaseUntil: { N: String(leaseUntil) },
    attempts: { N: '1' },
    startedAt: { N: String(now()) },
    expiresAt: { N: String(expiresAt) },
    ...attributes,
    // The message was delivered before but has no record, so an earlier delivery has ended without one.
    ...(lost > 0 && { attemptNotes: notesAttribute([noteOfLostDeliveries(firstReceivedAt, lost)]) }),
  });
}
