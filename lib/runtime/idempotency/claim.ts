import { noteOfLostDeliveries, notesAttribute } from './attempt-notes.ts';
import {
  executeStatements,
  insertion,
  type RecordStatement,
  type StatementOutcome,
} from './batch-statements.ts';
import type { Claim, ClaimRequest } from './claim-outcome.ts';
import type { ClaimContext, LeaseContext } from './lease-context.ts';
import { takeOver } from './take-over.ts';

/**
 * Claims events for one invocation. It sends one request for up to 25 events, and one more for each event that has a record.
 *
 * @param requests the events to claim, each only once
 * @param onClaim called with the claim of each event as soon as it is known
 */
export async function claimAll(
  context: ClaimContext,
  requests: readonly ClaimRequest[],
  onClaim: (id: string, claim: Claim) => void,
): Promise<void> {
  const outcomes = executeStatements(
    context.dynamodb,
    requests.map((request) => insertClaim(context, request)),
    context.signal,
  );
  await Promise.all(
    requests.map(async (request) => {
      const { id } = request.facts;
      const outcome = (await outcomes.get(id)) ?? { code: 'NoAnswer', message: 'no answer' };
      const isTaken = outcome.code === 'DuplicateItem';
      onClaim(id, isTaken ? await takeOver(context, request) : claimOf(outcome));
    }),
  );
}

function claimOf(outcome: StatementOutcome): Claim {
  if (outcome.code === 'done') return { status: 'claimed', attempts: 1 };
  const message = 'message' in outcome ? outcome.message : '';
  return { status: 'unavailable', error: new Error(`the claim failed: ${outcome.code} ${message}`) };
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
