import type { ProbeAnswer, ProbeFor } from '../../contracts/delivery/probe.ts';
import { reasonOf } from '../../contracts/text/error-reason.ts';
import type { Outcome } from '../batch/batch-item.ts';
import { BreakerOpenError } from '../errors.ts';
import type { Gate } from './gate.ts';
import { isOutageLike } from './outage-like.ts';

export interface ProbeGateProps {
  readonly cause: ProbeFor;
  /** Whether a failure gives the event up: it has stopped all others for too long. */
  readonly givesUp: boolean;
  readonly maxAttempts: number;
  /** Seconds until the event of a failed probe may be delivered again. */
  readonly delaySeconds: number;
}

/**
 * The gate of a probe: one event runs although the breaker is open. A failure that is what the breaker is open for counts no attempt. Every
 * other one is the event's own, and counts, but for the last attempt. An event dies of a probe only when the controller says so.
 */
export function createProbeGate({ cause, givesUp, maxAttempts, delaySeconds }: ProbeGateProps): Gate {
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
      const { error, digests } = outcome;
      if (givesUp) {
        answer = 'failed';
        return { status: 'deadLettered', error, digests };
      }
      // An outage may show in more than one way, so even an error of its own does not let an event die here: it may when the breaker is closed.
      const isOwn = cause !== 'alike' && !isOutageLike(error) && item.attempt < maxAttempts;
      if (isOwn) return outcome;
      if (answer !== 'passed') answer = 'failed';
      const { name, message } = reasonOf(error);
      const reason = `the probe failed: ${name}: ${message}`;
      return { status: 'released', error: new BreakerOpenError({ reason, delaySeconds }, { cause: error }) };
    },
    conclude: async () => undefined,
  };
}
