import type { ConsumerSetup } from './batch.ts';
import type { Clock } from './clock.ts';
import { withinTime } from './deadline.ts';
import { toError } from './error-reason.ts';
import { ConflictingEvent } from './failures.ts';
import { settleAll } from './idempotency/settle.ts';
import type { Settlement, Verdict } from './idempotency/settlement.ts';
import type { Tenancy } from './idempotency/tenancy.ts';
import type { Job, Outcome } from './job.ts';
import { outboxOf, type Publication, publishOutboxes } from './outbox.ts';
import { conflict } from './repetition.ts';
import type { BatchRun } from './run-job.ts';

/**
 * Brings handled events to their end: publishes what was emitted, and has each record say how its event ended. What has
 * nothing to publish is settled at once, however long the topic takes to answer for the others.
 *
 * Sets each outcome to what the record says afterwards: a failure of an event that another invocation has finished
 * is a duplicate, and one that could not be settled comes again.
 *
 * @param until epoch milliseconds at which settling has to end
 */
export async function settleJobs(
  setup: ConsumerSetup,
  run: BatchRun,
  jobs: readonly Job[],
  until: number,
): Promise<void> {
  const [emitting, silent] = partition(jobs, (job) => outboxOf(job).length > 0);
  const settling: Settling = { clock: setup.ports.clock, tenancy: run.tenancy, until };
  await Promise.all([
    settle(settling, silent, new Map()),
    publishOutboxes(setup.ports, emitting, run.deadline.publishingEndsAt).then((publications) =>
      settle(settling, emitting, publications),
    ),
  ]);
}

interface Settling {
  readonly clock: Clock;
  readonly tenancy: Tenancy;
  /** Epoch milliseconds. */
  readonly until: number;
}

type Publications = ReadonlyMap<Job, Publication>;

async function settle(settling: Settling, jobs: readonly Job[], publications: Publications): Promise<void> {
  const settlements = jobs.flatMap((job) => settlementOf(job, publications.get(job)));
  const verdicts = await verdictsOf(settling, settlements);
  for (const job of jobs) applyVerdict(job, verdicts.get(job.facts.id), publications.get(job));
}

async function verdictsOf(
  { clock, tenancy, until }: Settling,
  settlements: readonly Settlement[],
): Promise<ReadonlyMap<string, Verdict>> {
  const verdicts = new Map<string, Verdict>();
  if (settlements.length === 0) return verdicts;
  const onVerdict = (id: string, verdict: Verdict): void => void verdicts.set(id, verdict);
  try {
    const settleThem = (): Promise<void> => settleAll(tenancy, settlements, { until, onVerdict });
    await withinTime(clock, until, settleThem, 'the settlement');
  } catch (error) {
    // What is not known to be settled comes again, and finds in its record what has become of it.
    const unavailable: Verdict = { kind: 'unavailable', error: toError(error) };
    for (const { facts } of settlements) if (!verdicts.has(facts.id)) verdicts.set(facts.id, unavailable);
  }
  return verdicts;
}

function settlementOf({ facts, claimed, outcome }: Job, publication: Publication | undefined): Settlement[] {
  switch (outcome?.kind) {
    case 'done':
    case 'unpublished': {
      const finished = outcome.kind === 'unpublished' || outcome.committed;
      const emitted = publication?.types ?? [];
      // Nothing of what is committed has to be noted while its events wait, nor when it had none.
      if (finished && (publication?.error || outcome.outbox.length === 0)) return [];
      if (publication?.error) return [{ facts, claimed, as: 'unpublished', outbox: outcome.outbox }];
      return [{ facts, claimed, as: finished ? 'published' : 'completed', emitted }];
    }
    case 'dead':
      if (isConflict(outcome)) return [];
      return [{ facts, claimed, as: 'failed', error: outcome.error, digests: outcome.digests }];
    case 'failed': {
      const { error, digests } = outcome;
      return outcome.recorded ? [{ facts, claimed, as: 'failed', error, digests }] : [];
    }
    case 'waiting':
      return claimed ? [{ facts, claimed, as: 'released' }] : [];
    default:
      return [];
  }
}

/** Sets what becomes of an event's messages: they may only be acknowledged, or buried, when the record allows it. */
function applyVerdict(job: Job, verdict: Verdict | undefined, publication: Publication | undefined): void {
  const { outcome } = job;
  if (!outcome || outcome.kind === 'waiting' || outcome.kind === 'busy' || isConflict(outcome)) return;
  if (publication?.error) {
    // Its effect is noted, or will be tried again: in either case its events are still to be published.
    if (verdict?.kind === 'finished') job.outcome = finishedElsewhere(job, verdict);
    else job.outcome = failedUnrecorded(publication.error);
    return;
  }
  switch (verdict?.kind) {
    case 'finished':
      if (outcome.kind === 'failed' || outcome.kind === 'dead') job.outcome = finishedElsewhere(job, verdict);
      return;
    case 'committed':
      job.outcome = failedUnrecorded(new Error('the event is done, but its events are not published yet'));
      return;
    case 'taken':
      if (needsSettling(outcome)) job.outcome = { kind: 'busy', untilMs: verdict.leaseUntil };
      return;
    case 'unavailable':
      if (needsSettling(outcome)) job.outcome = failedUnrecorded(notSettled(outcome, verdict.error));
      return;
  }
}

/** Whether an event is another one than that of its record, which stays as it is and says nothing about this one. */
function isConflict(outcome: Outcome): boolean {
  return outcome.kind === 'dead' && outcome.error instanceof ConflictingEvent;
}

/** What becomes of an event that has failed here, and is done by its record. */
function finishedElsewhere({ content }: Job, { earlier }: Verdict & { readonly kind: 'finished' }): Outcome {
  return earlier ? conflict(content, earlier) : { kind: 'duplicate' };
}

/**
 * Whether an event's messages depend on its record: those that are to be acknowledged or buried now. A commit has
 * recorded its event already; an outbox that stays behind after it was published is only published again.
 */
function needsSettling(outcome: Outcome): boolean {
  if (outcome.kind === 'done') return !outcome.committed;
  return outcome.kind === 'dead';
}

function notSettled(outcome: Outcome, cause: Error): Error {
  if (outcome.kind === 'dead') return outcome.error;
  return new Error('the event was handled, but its record could not be settled', { cause });
}

function failedUnrecorded(error: Error): Outcome {
  return { kind: 'failed', error, recorded: false, digests: [] };
}

function partition<T>(all: readonly T[], wanted: (one: T) => boolean): [T[], T[]] {
  return [all.filter(wanted), all.filter((one) => !wanted(one))];
}
