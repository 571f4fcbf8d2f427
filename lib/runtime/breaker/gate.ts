import type { Clock } from '../../aws/clock.ts';
import type { ProbeAnswer } from '../../contracts/delivery/probe.ts';
import type { BatchItem, Outcome } from '../batch/batch-item.ts';
import { halfwayTo } from '../deadline.ts';

/** What a breaker has to say about one batch. */
export interface Gate {
  /** Whether the events may be claimed. Makes a request only while the process knows that the breaker is open. @param until epoch milliseconds */
  admits(until: number): Promise<boolean>;
  /** Why no further handler may begin; undefined as long as one may. */
  stop(): Error | undefined;
  /** Takes note of how a handler has ended. @returns the outcome, which is final unless it waits for `conclude` */
  judge(item: BatchItem, outcome: Outcome): Outcome;
  /** Decides what becomes of failed events when their handlers have ended. Makes a request only if there are some. @param until epoch milliseconds */
  conclude(failed: readonly BatchItem[], until: number): Promise<void>;
  /** What a probe has shown; undefined when the batch is none. */
  readonly answer: ProbeAnswer | undefined;
}

/** A call that takes longer has failed: its answer takes milliseconds, and new connections and retries a second or two. */
const LONGEST_CALLS_MS = 5_000;

/**
 * When the calls of a breaker have to end, in epoch milliseconds, so that one that is not answered leaves time for what comes after it: they get
 * half of the time until the limit, and five seconds at the most.
 */
export function callsEndAt(clock: Clock, limit: number): number {
  return Math.min(clock.now() + LONGEST_CALLS_MS, halfwayTo(clock, limit));
}

/** Turns the failure of the last attempt into a dead letter. */
export function exhaust(maxAttempts: number, { attempt }: BatchItem, outcome: Outcome): Outcome {
  if (outcome.status !== 'failed' || !outcome.recorded) return outcome;
  if (attempt < maxAttempts) return outcome;
  return { status: 'deadLettered', error: outcome.error, digests: outcome.digests };
}
