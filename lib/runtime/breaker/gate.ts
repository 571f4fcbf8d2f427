import type { ProbeAnswer } from '../../contracts/delivery/probe.ts';
import type { BatchItem, Outcome } from '../batch/batch-item.ts';

/** What a breaker has to say about one batch. */
export interface Gate {
  /** Whether the events may be claimed. Makes a request only while the process knows that the breaker is open. @param until epoch milliseconds */
  admits(until: number): Promise<boolean>;
  /** Why no further handler may begin; undefined as long as one may. */
  stop(): Error | undefined;
  /** Takes note of how a handler has ended. @returns the outcome, which is final unless it waits for `conclude` */
  judge(item: BatchItem, outcome: Outcome): Outcome;
  /** Decides what becomes of failed events when all handlers have ended. Makes a request only if there are failures. @param until epoch milliseconds */
  conclude(items: readonly BatchItem[], until: number): Promise<void>;
  /** What a probe has shown; undefined when the batch is none. */
  readonly answer: ProbeAnswer | undefined;
}

/** Turns the failure of the last attempt into a dead letter. */
export function exhaust(maxAttempts: number, { attempt }: BatchItem, outcome: Outcome): Outcome {
  if (outcome.status !== 'failed' || !outcome.recorded) return outcome;
  if (attempt < maxAttempts) return outcome;
  return { status: 'deadLettered', error: outcome.error, digests: outcome.digests };
}
