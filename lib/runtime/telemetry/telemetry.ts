import type { Envelope } from '../../contracts/envelope.ts';
import type { Job, Poison } from '../job.ts';
import type { EventLogger } from './event-logger.ts';

/** What became of a batch. */
export interface BatchReport {
  readonly jobs: readonly Job[];
  readonly poisons: readonly Poison[];
  /** Ids of the messages that stay in the queue. */
  readonly returned: ReadonlySet<string>;
  /** Messages that the dead-letter queue did not take, by their ids, and why. */
  readonly refused: ReadonlyMap<string, string>;
  /** Messages whose redelivery could not be set and follows the queue's visibility timeout. */
  readonly unscheduled: number;
  /** A fault of the runtime itself: whatever it had not finished comes again. */
  readonly fault?: Error | undefined;
  /** Epoch milliseconds at which the batch began and ended. */
  readonly startedAt: number;
  readonly endedAt: number;
}

/** Where the runtime tells what it does. */
export interface Telemetry {
  /** A logger that names this event in every line. */
  loggerFor(event: Envelope): EventLogger;
  /** Called when a batch begins: if the process ends before its report, these are the events that it had in its hands. */
  begin(jobs: readonly Job[]): void;
  /** Called once at the end of every batch. */
  report(batch: BatchReport): void;
}
