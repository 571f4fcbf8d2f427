import type { Clock } from '../../aws/clock.ts';
import type { BreakerPolicy } from '../../contracts/delivery/breaker.ts';
import type { ProbeFor } from '../../contracts/delivery/probe.ts';
import { clipText } from '../../contracts/text/clip-text.ts';
import { reasonOf, toError } from '../../contracts/text/error-reason.ts';
import type { TripMessage } from '../../intake/control-message.ts';
import type { IntakeState } from '../../intake/intake-state.ts';
import { BreakerOpenError } from '../errors.ts';
import { createBatchGate } from './batch-gate.ts';
import { type BreakerMonitor, createBreakerMonitor, type Trip } from './breaker-monitor.ts';
import type { BreakerPlaces, BreakerPorts } from './breaker-ports.ts';
import type { Gate } from './gate.ts';
import { createProbeGate } from './probe-gate.ts';

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

/** The breaker of a consumer in one process. */
export interface Breaker {
  readonly monitor: BreakerMonitor;
  readonly maxAttempts: number;
  /** Why the process has stopped; undefined while it has not. */
  readonly stopped: Stopped | undefined;
  readonly clock: Clock;
  /** The gate of one batch, or of a probe. */
  gate(probe?: ProbeFor): Gate;
  /** Whether the intake flows, as far as the process can know. Asks only when it has stopped. */
  isFlowing(until: number): Promise<boolean>;
  /** The state of the intake; `unknown` when it cannot be read. */
  look(until: number): Promise<IntakeState | 'unknown' | undefined>;
  /** Notes that others have opened the breaker. */
  join(state: IntakeState, now: number): void;
  /** Opens the breaker. @param queueArn of the consumer's queue */
  open(trip: Trip, seen: Seen): Promise<void>;
  /** The error of an event that waits. @param cause its own failure, if it has begun */
  waiting(reason: string, cause?: Error): Error;
}

/** What is known when a breaker opens. */
export interface Seen {
  /** The version of the state; 0 when there was none. */
  readonly version: number;
  readonly queueArn: string;
  /** Epoch milliseconds at which sending has to end. */
  readonly until: number;
}

/** The breaker is open, as far as this process knows. */
export interface Stopped {
  readonly reason: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly version: number;
  /** The message that could not be sent. */
  unsent?: TripMessage | undefined;
}

/** The controller has this long to write what it was told. After that the process takes up its work again, and opens the breaker again if it must. */
export const UNANSWERED_MS = 60_000;
const MAX_REASON_CHARACTERS = 512;
/** The event of a failed probe is there again before the next one. */
const DELAY_SHARE = 0.5;

/** Creates the breaker of a process. It is kept from batch to batch. */
export function createBreaker(props: BreakerProps): Breaker {
  const { policy, maxAttempts, clock, ports, log, places } = props;
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
    gate: (probe) =>
      probe ? createProbeGate({ cause: probe, maxAttempts, delaySeconds }) : createBatchGate(breaker),
    isFlowing: async (until) => {
      if (!stopped) return true;
      const { at, version, unsent } = stopped;
      if (unsent) await send(unsent, until);
      const state = await look(until);
      const answered = state !== 'unknown' && (state?.version ?? 0) > version;
      if (state !== 'unknown' && state?.intake === 'tripped') return false;
      if (!answered && clock.now() - at < UNANSWERED_MS) return false;
      stopped = undefined;
      monitor.reset();
      return true;
    },
    look,
    join: ({ reason, version }, at) => {
      stopped ??= { reason, at, version };
    },
    open: async ({ cause, reason: whole }, { version, queueArn, until }) => {
      const reason = clipText(whole, MAX_REASON_CHARACTERS);
      const at = clock.now();
      const { consumer, functionName, queueUrl } = places;
      stopped = { reason, at, version };
      log('the breaker opens: events wait, and count no attempt, until a probe succeeds', { reason });
      await send(
        {
          kind: 'trip',
          ...{ consumer, functionName, queueUrl, queueArn, at, reason, cause, version },
          probeEverySeconds: policy.probeEverySeconds,
          timeoutSeconds: props.timeoutSeconds,
        },
        until,
      );
    },
    waiting: (reason, cause) => new BreakerOpenError({ reason, delaySeconds }, cause && { cause }),
  };
  return breaker;
}

/** The reason of a breaker that opens for the last attempt of an event. */
export function reasonOfLastAttempt(error: Error): string {
  const { name, message } = reasonOf(error);
  return `the last attempt of an event failed, and nothing has succeeded since the one before: ${name}: ${message}`;
}
