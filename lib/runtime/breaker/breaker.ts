import type { Clock } from '../../aws/clock.ts';
import type { BreakerPolicy } from '../../contracts/delivery/breaker.ts';
import { toError } from '../../contracts/text/error-reason.ts';
import { sendableText } from '../../contracts/text/sendable-text.ts';
import type { TripMessage } from '../../intake/control-message.ts';
import { BreakerOpenError } from '../errors.ts';
import { logSafely } from '../telemetry/log-safely.ts';
import { createBatchGate } from './batch-gate.ts';
import { createBreakerMonitor } from './breaker-monitor.ts';
import type { BreakerPlaces, BreakerPorts } from './breaker-ports.ts';
import { callsEndAt } from './gate.ts';
import { createProbeGate } from './probe-gate.ts';
import type { Breaker, Stopped } from './process-breaker.ts';

export interface BreakerProps {
  readonly policy: BreakerPolicy;
  readonly maxAttempts: number;
  readonly timeoutSeconds: number;
  readonly places: BreakerPlaces;
  readonly ports: BreakerPorts;
  readonly clock: Clock;
  /** Writes a line to the log. */
  readonly log: (message: string, fields: Readonly<Record<string, unknown>>) => void;
}

/** The controller has this long to write what it was told. After that the process takes up its work again, and opens the breaker again if it must. */
export const UNANSWERED_MS = 60_000;
/** The event of a failed probe is there again before the next one. */
const DELAY_SHARE = 0.5;

/** Creates the breaker of a process. It is kept from batch to batch. */
export function createBreaker(props: BreakerProps): Breaker {
  const { policy, maxAttempts, clock, ports, places } = props;
  const log: BreakerProps['log'] = (...line) => logSafely(() => props.log(...line));
  const monitor = createBreakerMonitor(policy.after);
  const delaySeconds = Math.max(1, Math.floor(policy.probeEverySeconds * DELAY_SHARE));
  let stopped: Stopped | undefined;

  const send = async (message: TripMessage, until: number): Promise<void> => {
    try {
      await ports.sendTrip(message, until);
      if (stopped) stopped.unsent = undefined;
    } catch (error) {
      // No event is lost: they all wait. The next batch sends the message again.
      if (stopped) stopped.unsent = message;
      log('the breaker is open, but the controller could not be told; the next batch tries again', {
        error: toError(error),
      });
    }
  };

  const look: Breaker['look'] = async (until) => {
    try {
      return await ports.readState(until);
    } catch (error) {
      // Nothing is decided by it: an event whose attempts are used up waits instead.
      log('the state of the intake cannot be read', { error: toError(error) });
      return 'unknown';
    }
  };

  const breaker: Breaker = {
    monitor,
    maxAttempts,
    clock,
    get stopped() {
      return stopped;
    },
    gate: (probe, givesUp = false) =>
      probe
        ? createProbeGate({ cause: probe, givesUp, maxAttempts, delaySeconds })
        : createBatchGate(breaker),
    isFlowing: async (until) => {
      if (!stopped) return true;
      const { at, version, unsent } = stopped;
      if (unsent) await send(unsent, callsEndAt(clock, until));
      const state = await look(until);
      const answered = state !== 'unknown' && (state?.version ?? 0) > version;
      if (state !== 'unknown' && state?.intake === 'tripped') return false;
      if (!answered && clock.now() - at < UNANSWERED_MS) return false;
      stopped = undefined;
      if (answered) monitor.reset();
      else monitor.retry();
      return true;
    },
    look,
    join: ({ reason, version }, at) => {
      stopped ??= { reason, at, version };
    },
    open: async ({ cause, errorName, reason: whole }, { version, queueArn, until }) => {
      const reason = sendableText(whole);
      const at = clock.now();
      const { consumer, functionName, queueUrl } = places;
      stopped = { reason, at, version };
      log('the breaker opens: events wait, and count no attempt, until a probe succeeds', { reason });
      await send(
        {
          kind: 'trip',
          ...{ consumer, functionName, queueUrl, queueArn, at, reason, cause, errorName, version },
          probeEverySeconds: policy.probeEverySeconds,
          timeoutSeconds: props.timeoutSeconds,
        },
        until,
      );
    },
    waiting: (reason, cause) =>
      new BreakerOpenError({ reason, delaySeconds, grows: true }, cause && { cause }),
  };
  return breaker;
}
