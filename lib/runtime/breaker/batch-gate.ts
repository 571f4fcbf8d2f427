import { reasonOf } from '../../contracts/text/error-reason.ts';
import type { IntakeState } from '../../intake/intake-state.ts';
import type { BatchItem, Outcome } from '../batch/batch-item.ts';
import { nameOf, type Trip } from './breaker-monitor.ts';
import { callsEndAt, exhaust, type Gate } from './gate.ts';
import { isOutageLike } from './outage-like.ts';
import type { Breaker } from './process-breaker.ts';

/** The gate of an ordinary batch. */
export function createBatchGate(breaker: Breaker): Gate {
  const { monitor, maxAttempts, clock } = breaker;
  /** Items whose last attempt has failed here, by a failure that says nothing about others. The breaker may still spare them. */
  const exhausted = new Set<BatchItem>();
  let looked: ReturnType<Breaker['look']> | undefined;
  /** One look a batch is enough: what changes meanwhile is seen by the next. */
  const look = (until: number) => (looked ??= breaker.look(until));

  return {
    answer: undefined,
    admits: breaker.isFlowing,
    stop: () => {
      const reason = breaker.stopped?.reason ?? monitor.trip?.reason;
      return reason === undefined ? undefined : breaker.waiting(reason);
    },
    judge: (item, outcome) => {
      if (outcome.status === 'completed') monitor.succeeded(clock.now());
      if (outcome.status !== 'failed' || !outcome.recorded) return outcome;
      monitor.failed(item.facts.id, outcome.error);
      // Whether an outage may use up the last attempt is known when the other handlers have ended, or has been proven already.
      if (isOutageLike(outcome.error) && !hasWorkedSince(item, monitor.lastSuccessAt)) return outcome;
      const final = exhaust(maxAttempts, item, outcome);
      if (final.status === 'deadLettered') exhausted.add(item);
      return final;
    },
    conclude: async (items, until) => {
      const [any] = items;
      if (!any) return;
      // All messages of a batch come from the consumer's queue, those of an event that has been given up too.
      const queueArn = any.records[0].eventSourceARN;
      const failed = failuresOf(items, exhausted);
      const outages = failed.filter(({ outcome }) => isOutageLike(outcome.error));
      if (outages.length === 0 && !monitor.trip && !breaker.stopped && !failed.some(isLast)) return;
      const state = await look(callsEndAt(clock, until));
      if (state !== 'unknown' && state?.intake === 'tripped') breaker.join(state, clock.now());
      const trip = monitor.trip ?? lastAttemptOf(outages, state);
      if (!breaker.stopped && trip) await breaker.open(trip, { version: versionOf(state), queueArn, until });
      const names = new Set([trip?.errorName, openFor(state)]);
      if (breaker.stopped) release(breaker.stopped.reason, failed, { names, state });
      else for (const { item, outcome } of outages) item.outcome = exhaust(maxAttempts, item, outcome);
    },
  };

  function isLast({ item }: Failure): boolean {
    return exhausted.has(item);
  }

  /** The outage that an event's last attempt has met, unless something has worked since the attempt before. */
  function lastAttemptOf(
    outages: readonly Failure[],
    state: IntakeState | 'unknown' | undefined,
  ): Trip | undefined {
    const unproven = outages.find(
      ({ item }) =>
        item.attempt >= maxAttempts &&
        !hasWorkedSince(item, Math.max(monitor.lastSuccessAt, probeSucceededAt(state))),
    );
    return unproven && { cause: 'outage', reason: reasonOfLastAttempt(unproven.outcome.error) };
  }

  /**
   * Gives back the attempts of the failures that the breaker is open for. Others are the events' own, and so are errors of one name by events
   * that have failed before something has worked: the breaker may open for them again and again, and each time is one attempt.
   */
  function release(reason: string, failed: readonly Failure[], { names, state }: OpenFor): void {
    const workedAt = Math.max(monitor.lastSuccessAt, probeSucceededAt(state));
    for (const { item, outcome } of failed) {
      const isAlike = names.has(nameOf(outcome.error)) && !hasWorkedSince(item, workedAt);
      const spared = isOutageLike(outcome.error) || isAlike;
      if (spared) item.outcome = { status: 'released', error: breaker.waiting(reason, outcome.error) };
    }
  }
}

/** 0 when there is no state, or it cannot be read. */
function versionOf(state: IntakeState | 'unknown' | undefined): number {
  return state === 'unknown' ? 0 : (state?.version ?? 0);
}

/** What the breaker is open for: names of errors, and the state as it was read. */
interface OpenFor {
  readonly names: ReadonlySet<string | undefined>;
  readonly state: IntakeState | 'unknown' | undefined;
}

/** An item that has failed, and how. */
interface Failure {
  readonly item: BatchItem;
  readonly outcome: Outcome & { readonly status: 'failed' };
}

function failuresOf(items: readonly BatchItem[], exhausted: ReadonlySet<BatchItem>): Failure[] {
  return items.flatMap((item) => {
    const { outcome } = item;
    if (outcome?.status === 'failed' && outcome.recorded) return [{ item, outcome }];
    if (outcome?.status !== 'deadLettered' || !exhausted.has(item)) return [];
    const { error, digests } = outcome;
    return [{ item, outcome: { status: 'failed', error, digests, recorded: true } as const }];
  });
}

/** Name of the error that the breaker is open for; undefined when it is closed, or open for an outage. */
function openFor(state: IntakeState | 'unknown' | undefined): string | undefined {
  return state !== 'unknown' && state?.intake === 'tripped' ? state.errorName : undefined;
}

/** Whether something has worked after an event's attempt before this one, or since its message was first received. */
function hasWorkedSince({ earlier, records }: BatchItem, at: number): boolean {
  const received = records.map(({ attributes }) => Number(attributes.ApproximateFirstReceiveTimestamp));
  return at > (earlier?.lastActiveAt ?? Math.min(...received));
}

/** Epoch milliseconds. An operator who resumes a consumer proves nothing. */
function probeSucceededAt(state: IntakeState | 'unknown' | undefined): number {
  if (state === undefined || state === 'unknown' || state.by !== undefined) return Number.NEGATIVE_INFINITY;
  return state.closedAt ?? Number.NEGATIVE_INFINITY;
}

/** The reason of a breaker that opens for the last attempt of an event. */
function reasonOfLastAttempt(error: Error): string {
  const { name, message } = reasonOf(error);
  return `the last attempt of an event failed, and nothing has succeeded since the one before: ${name}: ${message}`;
}
