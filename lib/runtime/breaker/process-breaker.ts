import type { Clock } from '../../aws/clock.ts';
import type { ProbeFor } from '../../contracts/delivery/probe.ts';
import type { TripMessage } from '../../intake/control-message.ts';
import type { IntakeState } from '../../intake/intake-state.ts';
import type { BreakerMonitor, Trip } from './breaker-monitor.ts';
import type { Gate } from './gate.ts';

/** The breaker of a consumer in one process. */
export interface Breaker {
  readonly monitor: BreakerMonitor;
  readonly maxAttempts: number;
  /** Why the process has stopped; undefined while it has not. */
  readonly stopped: Stopped | undefined;
  readonly clock: Clock;
  /** The gate of one batch, or of a probe. @param givesUp whether a failure of the probe gives its event up */
  gate(probe?: ProbeFor, givesUp?: boolean): Gate;
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
