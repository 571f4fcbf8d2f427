import { executeStatements, insertion, type RecordStatement } from './batch-statements.ts';
import type { EventFacts } from './facts.ts';
import type { IdempotencyRecord } from './record.ts';
import { takeOver } from './take-over.ts';
import type { Tenancy } from './tenancy.ts';

/** An event to claim. */
export interface ClaimRequest {
  readonly facts: EventFacts;
  /** Whether its message is received for the first time: it is new, or was redriven, and is tried from the beginning. */
  readonly firstDelivery: boolean;
  /** Epoch milliseconds at which its message was first received. Attempts that ended before are of an earlier message. */
  readonly firstReceivedAt: number;
}

/** What claiming an event has led to. */
export type Claim =
  /** It is ours until the lease runs out. `earlier` is the record of an attempt that failed before. */
  | {
      readonly status: 'claimed';
      readonly attempts: number;
      readonly earlier?: IdempotencyRecord | undefined;
    }
  /** Its process died with the event in its hands: it is not claimed yet, but may be taken over alone. */
  | { readonly status: 'suspect'; readonly record: IdempotencyRecord }
  /** It is done, though its events may not be published yet. */
  | { readonly status: 'done'; readonly record: IdempotencyRecord }
  /** Another invocation holds the lease until `leaseUntil`. */
  | { readonly status: 'busy'; readonly leaseUntil: number }
  /** There was no answer that can be used: no claim, no work. */
  | { readonly status: 'unavailable'; readonly error: Error };

/**
 * Claims events for one invocation: one request for up to 25 of them, and one more for each that has a record.
 *
 * @param requests each event once
 * @returns the claims by the events' identities
 */
export async function claimAll(
  tenancy: Tenancy,
  requests: readonly ClaimRequest[],
): Promise<Map<string, Claim>> {
  const outcomes = await executeStatements(
    tenancy.dynamodb,
    requests.map(({ facts }) => insertClaim(tenancy, facts)),
  );
  const claims = await Promise.all(
    requests.map(async (request): Promise<[string, Claim]> => {
      const { id } = request.facts;
      const outcome = outcomes.get(id) ?? { code: 'NoAnswer', message: 'no answer' };
      if (outcome.code === 'done') return [id, { status: 'claimed', attempts: 1 }];
      if (outcome.code === 'DuplicateItem') return [id, await takeOver(tenancy, request)];
      const message = 'message' in outcome ? outcome.message : '';
      const error = new Error(`the claim failed: ${outcome.code} ${message}`);
      return [id, { status: 'unavailable', error }];
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
