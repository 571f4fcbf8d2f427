import type { Clock } from '../../aws/clock.ts';
import { PROCESS_DIED } from '../../contracts/delivery/attempt-note.ts';
import { toError } from '../../contracts/text/error-reason.ts';
import { type Deadline, withinTime } from '../deadline.ts';
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
  const claims = await inTime(claiming, (context) => claimAll(context, items.map(requestOf)));
  for (const item of items) {
    const claim = claims instanceof Error ? unavailable(claims) : claims.get(item.facts.id);
    apply(item, claim ?? unavailable(new Error('the claim had no answer')), claiming);
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
  const claim = await inTime(claiming, (context) =>
    takeOverSuspect(context, requestOf(item), { suspect, exhausted, fresh }),
  );
  apply(item, claim instanceof Error ? unavailable(claim) : claim, {
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
      const again = claim.earlier?.dead === true && claim.attempts > 1;
      if (again) item.attempt -= 1;
      if (claim.earlier && (isUsedUp || again)) {
        item.outcome = { status: 'deadLettered', error: earlierFailure(claim.earlier), digests: [], again };
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

async function inTime<T>(
  { clock, deadline, leaseContext }: Claiming,
  request: (context: ClaimContext) => Promise<T>,
): Promise<T | Error> {
  const claim = (signal: AbortSignal): Promise<T> => request({ ...leaseContext, signal });
  try {
    return await withinTime(clock, deadline.handlersEndAt, claim, 'the claim');
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

function unavailable(error: Error): Claim {
  return { status: 'unavailable', error };
}
