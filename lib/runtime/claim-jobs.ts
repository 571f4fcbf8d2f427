import type { Clock } from './clock.ts';
import { type Deadline, withinTime } from './deadline.ts';
import { toError } from './error-reason.ts';
import { EarlierFailure, NotBegun, ProcessDied } from './failures.ts';
import { type Claim, type ClaimRequest, claimAll } from './idempotency/claim.ts';
import type { IdempotencyRecord } from './idempotency/record.ts';
import { isOfEarlierMessage, takeOverSuspect } from './idempotency/take-over.ts';
import type { Tenancy } from './idempotency/tenancy.ts';
import type { Job } from './job.ts';
import { outcomeOfRepetition } from './repetition.ts';

/** What claims are made with. */
export interface Claiming {
  readonly tenancy: Tenancy;
  readonly clock: Clock;
  readonly deadline: Deadline;
  /** Handlers that may begin with one event. */
  readonly maxAttempts: number;
}

/** Claims jobs, and gives an outcome to those whose handler is not to begin now. */
export async function claimJobs(claiming: Claiming, jobs: readonly Job[]): Promise<void> {
  if (jobs.length === 0) return;
  const claims = await inTime(claiming, () => claimAll(claiming.tenancy, jobs.map(requestOf)));
  for (const job of jobs) {
    const claim = claims instanceof Error ? unavailable(claims) : claims.get(job.facts.id);
    apply(job, claim ?? unavailable(new Error('the claim had no answer')), claiming.maxAttempts);
  }
}

/** Takes over an event whose process died, right before its handler begins. One that has used its attempts is dead. */
export async function claimSuspect(claiming: Claiming, job: Job, suspect: IdempotencyRecord): Promise<void> {
  if (claiming.deadline.passed()) {
    job.outcome = { kind: 'waiting', error: new NotBegun() };
    return;
  }
  const { attempts, alone } = suspect;
  // A process that died with others in it says little of this one: it has one attempt alone at least.
  const fresh = isOfEarlierMessage(suspect, requestOf(job));
  const exhausted = alone && attempts >= claiming.maxAttempts && !fresh;
  const claim = await inTime(claiming, () =>
    takeOverSuspect(claiming.tenancy, requestOf(job), { exhausted, fresh }),
  );
  apply(job, claim instanceof Error ? unavailable(claim) : claim, Number.POSITIVE_INFINITY);
  if (!exhausted) return;
  if (!job.outcome) job.outcome = { kind: 'dead', error: new ProcessDied(attempts), digests: [] };
  // It was taken over at no attempt, so none is given back if that had no answer.
  else job.claimed = false;
}

function apply(job: Job, claim: Claim, maxAttempts: number): void {
  switch (claim.status) {
    case 'claimed':
      job.claimed = true;
      job.attempt = claim.attempts;
      job.earlier = claim.earlier;
      // It has failed as often as it may, and only did not get into the dead-letter queue.
      if (claim.attempts > maxAttempts && claim.earlier) {
        job.outcome = { kind: 'dead', error: earlierFailure(claim.earlier), digests: [] };
      }
      return;
    case 'suspect':
      job.suspect = claim.record;
      return;
    case 'done':
      job.outcome = outcomeOfRepetition(job.content, claim.record);
      return;
    case 'busy':
      job.outcome = { kind: 'busy', untilMs: claim.leaseUntil };
      return;
    case 'unavailable':
      // The claim may have been made although there was no answer: it is given back like one that was.
      job.claimed = true;
      job.outcome = { kind: 'waiting', error: claim.error };
  }
}

function earlierFailure({ error, attempts }: IdempotencyRecord): Error {
  return error ? new EarlierFailure(error) : new ProcessDied(attempts);
}

async function inTime<T>({ clock, deadline }: Claiming, request: () => Promise<T>): Promise<T | Error> {
  try {
    return await withinTime(clock, deadline.handlersEndAt, request, 'the claim');
  } catch (error) {
    // No claim, no work: the events come again.
    return toError(error);
  }
}

function requestOf({ facts, receiveCount, records }: Job): ClaimRequest {
  const times = records.map(({ attributes }) => Number(attributes.ApproximateFirstReceiveTimestamp));
  return { facts, firstDelivery: receiveCount === 1, firstReceivedAt: Math.min(...times) };
}

function unavailable(error: Error): Claim {
  return { status: 'unavailable', error };
}
