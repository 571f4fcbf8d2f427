import type { ProbeAnswer, ProbeFor } from '../../contracts/delivery/probe.ts';
import { reasonOf } from '../../contracts/text/error-reason.ts';
import type { Outcome } from '../batch/batch-item.ts';
import { BreakerOpenError } from '../errors.ts';
import { exhaust, type Gate } from './gate.ts';
import { isOutageLike } from './outage-like.ts';

export interface ProbeGateProps {
  readonly cause: ProbeFor;
  readonly maxAttempts: number;
  /** Seconds until the event of a failed probe may be delivered again. */
  readonly delaySeconds: number;
}

/**
 * The gate of a probe: one event runs although the breaker is open. A failure that is what the breaker is open for counts no attempt. Every
 * other one is the event's own, and counts.
 */
export function createProbeGate({ cause, maxAttempts, delaySeconds }: ProbeGateProps): Gate {
  let answer: ProbeAnswer = 'undecided';
  return {
    get answer() {
      return answer;
    },
    admits: async () => true,
    stop: () => undefined,
    judge: (item, outcome): Outcome => {
      if (outcome.status === 'completed') answer = 'passed';
      if (outcome.status !== 'failed' || !outcome.recorded) return outcome;
      const { error } = outcome;
      if (cause !== 'alike' && !isOutageLike(error)) return exhaust(maxAttempts, item, outcome);
      if (answer !== 'passed') answer = 'failed';
      const { name, message } = reasonOf(error);
      const reason = `the probe failed: ${name}: ${message}`;
      return { status: 'released', error: new BreakerOpenError({ reason, delaySeconds }, { cause: error }) };
    },
    conclude: async () => undefined,
  };
}
