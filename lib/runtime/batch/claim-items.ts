import type { Clock } from '../../aws/clock.ts';
import { PROCESS_DIED } from '../../contracts/delivery/attempt-note.ts';
import { toError } from '../../contracts/text/error-reason.ts';
import { type Deadline, halfwayTo, withinTime } from '../deadline.ts';
import { EarlierAttemptError, NotBegunError, ProcessDiedError } from '../errors.ts';
import { outcomeOfRepetition } from '../handling/repetition.ts';
import { claimAll } from '../idempotency/claim.ts';
import type { Claim, ClaimRequest } from '../idempotency/claim-outcome.ts';
import type { ClaimContext, LeaseContext } from '../idempotency/lease-context.ts';
import type { IdempotencyRecord } from '../idempotency/record.ts';
import { isOfEarlierMessage, takeOverSuspect } from '../idempotency/take-over.ts';
import type { BatchItem } from './batch-item.ts';

/** What claiming needs. */
export interface Claiming {
  readonly leaseContext: LeaseContext;
  readonly clock: Clock;
  readonly deadline: Deadline;
  /** Maximum number of attempts of one event. */
  readonly maxAttempts: number;
  /**
   * Whether the consumer has a breaker: then the count of attempts alone gives no event up. An outage, and a process that dies in it, may have
   * used them.
   */
  readonly hasBreaker: boolean;
}

/** Claims items. It sets the outcome of those whose handler must not begin now. */
export async function claimItems(claiming: Claiming, items: readonly BatchItem[]): Promise<void> {
  if (items.length === 0) return;
  const claims = new Map<string, Claim>();
  const failure = await inTime(claiming, (context) =>
    claimAll(context, items.map(requestOf), (id, claim) => claims.set(id, claim)),
  );
  for (const item of items) {
    apply(item, claims.get(item.facts.id) ?? unanswered(failure), claiming);
  }
}

/** Takes over an event whose process died, directly before its handler begins. If its attempts are used up, it is dead. */
export async function claimSuspect(
  claiming: Claiming,
  item: BatchItem,
  suspect: IdempotencyRecord,
): Promise<void> {
  if (claiming.deadline.passed()) {
    item.outcome = { status: 'released', error: new NotBegunError() };
    return;
  }
  const { attempts, alone, dead } = suspect;
  // If the process had other events too, it is not clear which one ended it. So every event gets at least one attempt alone.
  const fresh = isOfEarlierMessage(suspect, requestOf(item));
  const isCulprit = !claiming.hasBreaker || hasDiedBefore(suspect);
  const exhausted = alone && attempts >= claiming.maxAttempts && !fresh && isCulprit && !dead;
  let claim: Claim | undefined;
  const failure = await inTime(claiming, async (context) => {
    claim = await takeOverSuspect(context, requestOf(item), { suspect, exhausted, fresh });
  });
  apply(item, claim ?? unanswered(failure), {
    maxAttempts: Number.POSITIVE_INFINITY,
    hasBreaker: false,
  });
  if (exhausted && !item.outcome)
    item.outcome = { status: 'deadLettered', error: new ProcessDiedError(attempts), digests: [] };
}

function apply(
  item: BatchItem,
  claim: Claim,
  { maxAttempts, hasBreaker }: Pick<Claiming, 'maxAttempts' | 'hasBreaker'>,
): void {
  switch (claim.status) {
    case 'claimed': {
      item.claimed = true;
      item.attempt = claim.attempts;
      item.earlier = claim.earlier;
      const isUsedUp = claim.attempts > maxAttempts && !hasBreaker;
      // Only sending it to the dead-letter queue has failed. The claim is no attempt.
      const givenUpBefore = claim.earlier?.dead === true && claim.attempts > 1;
      if (givenUpBefore) item.attempt -= 1;
      if (claim.earlier && (isUsedUp || givenUpBefore)) {
        const error = earlierFailure(claim.earlier);
        item.outcome = { status: 'deadLettered', error, digests: [], givenUpBefore };
      }
      return;
    }
    case 'suspect':
      item.suspect = claim.record;
      return;
    case 'completed':
      item.outcome = outcomeOfRepetition(item.content, claim.record);
      return;
    case 'leased':
      item.outcome = { status: 'leased', untilMs: claim.leaseUntil };
      return;
    case 'unavailable':
      // The claim may exist although there was no answer. It is released as if it existed.
      item.claimed = true;
      item.outcome = { status: 'released', error: claim.error };
      return;
    default:
      claim satisfies never;
  }
}

/** Whether a process has died in the attempt before too. */
function hasDiedBefore({ attemptNotes: [newest = ''] }: IdempotencyRecord): boolean {
  return newest.endsWith(PROCESS_DIED);
}

function earlierFailure({ error, attempts }: IdempotencyRecord): Error {
  return error ? new EarlierAttemptError(error) : new ProcessDiedError(attempts);
}

/** Claims in half of the time that is left: a request without an answer must not keep the other events from their handlers. */
async function inTime(
  { clock, deadline, leaseContext }: Claiming,
  request: (context: ClaimContext) => Promise<void>,
): Promise<Error | undefined> {
  const claim = (signal: AbortSignal): Promise<void> => request({ ...leaseContext, signal });
  try {
    await withinTime(clock, halfwayTo(clock, deadline.handlersEndAt), claim, 'the claim');
    return undefined;
  } catch (error) {
    // Without a claim, no handler begins. The messages are delivered again.
    return toError(error);
  }
}

function requestOf(item: BatchItem): ClaimRequest {
  const { facts, receiveCount } = item;
  const firstDelivery = receiveCount === 1;
  return { facts, receiveCount, firstDelivery, firstReceivedAt: firstReceivedAt(item) };
}

function firstReceivedAt({ records }: BatchItem): number {
  return Math.min(...records.map(({ attributes }) => Number(attributes.ApproximateFirstReceiveTimestamp)));
}

function unanswered(error = new Error('the claim had no answer')): Claim {
  return { status: 'unavailable', error };
}
