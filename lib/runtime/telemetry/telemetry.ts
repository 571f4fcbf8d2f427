import type { Envelope } from '../../contracts/envelope/envelope.ts';
import type { BatchItem, UnreadableMessage } from '../batch/batch-item.ts';
import type { EventLogger } from './event-logger.ts';

/** The report of a finished batch. */
export interface BatchReport {
  readonly items: readonly BatchItem[];
  readonly unreadable: readonly UnreadableMessage[];
  /** Ids of the messages that stay in the queue. */
  readonly returned: ReadonlySet<string>;
  /** Messages that the dead-letter queue did not accept: message id and reason. */
  readonly refused: ReadonlyMap<string, string>;
  /** Number of messages whose redelivery delay could not be set. SQS delivers them after the queue's visibility timeout. */
  readonly unscheduled: number;
  /** An error of the runtime itself. Messages that it has not finished are delivered again. */
  readonly fault?: Error | undefined;
  /** Epoch milliseconds at which the batch began and ended. */
  readonly startedAt: number;
  readonly endedAt: number;
}

/** The logs and metrics of the runtime. */
export interface Telemetry {
  /** Creates a logger that writes this event into every line. */
  loggerFor(event: Envelope): EventLogger;
  /** Called when a batch begins. If the process ends before the report, the log shows these events. */
  begin(items: readonly BatchItem[]): void;
  /** Called once at the end of every batch. */
  report(batch: BatchReport): void;
}
