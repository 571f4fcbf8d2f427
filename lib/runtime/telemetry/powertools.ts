import type { Logger } from '@aws-lambda-powertools/logger';
import { createLogger } from '../../aws/log/create-logger.ts';
import type { BatchItem } from '../batch/batch-item.ts';
import { BreakerOpenError, GroupBlockedError, NotYetError } from '../errors.ts';
import { countMessages } from './count.ts';
import { embedMetrics, MAX_VALUES } from './embedded-metrics.ts';
import { eventEntry, eventKeys, outcomeEntry } from './event-keys.ts';
import type { BatchReport, Telemetry } from './telemetry.ts';

/** Telemetry of a Lambda function. */
export interface LambdaTelemetry extends Telemetry {
  /** Writes the id of Lambda's request into every later line. */
  useRequestId(requestId: string | undefined): void;
  /** Writes a warning that is about no single event. */
  warn(message: string, fields: Readonly<Record<string, unknown>>): void;
}

/**
 * Creates telemetry that writes JSON lines with Powertools' logger:
 *
 * - one line per batch, with the metrics, and the events with their outcomes
 * - one line before a batch with redelivered events, so that the log shows them even if the process dies
 * - one line per failed event
 * - one line per event at level DEBUG
 */
export function createTelemetry(consumer: string): LambdaTelemetry {
  const logger = createLogger(consumer);
  let current: readonly BatchItem[] = [];
  // A handler that calls process.exit(), or an unhandled rejection, ends the process without a report.
  process.on('exit', () => logUnfinished(logger, current));
  return {
    useRequestId: (requestId) => logger.appendKeys({ requestId }),
    warn: (message, fields) => logger.warn(message, fields),
    begin: (items) => {
      current = items;
      const again = items.filter(({ receiveCount }) => receiveCount > 1);
      for (const some of chunksOf(again)) logger.info('events come again', { events: some.map(eventEntry) });
    },
    loggerFor: (event) => logger.createChild({ persistentKeys: eventKeys(event) }),
    report: (batch) => {
      current = [];
      logBatch(logger, batch);
      if (batch.unscheduled > 0)
        logger.warn(
          'the redelivery delay could not be set; messages come again after the visibility timeout',
          { messages: batch.unscheduled },
        );
      for (const { record, error } of batch.unreadable) {
        logger.error('unreadable message', { messageId: record.messageId, error });
      }
      for (const [messageId, reason] of batch.refused) {
        logger.error('the dead-letter queue did not accept a message; the message stays in the queue', {
          messageId,
          reason,
        });
      }
      if (batch.fault)
        logger.error('the batch was not finished; its other messages are delivered again', batch.fault);
      for (const item of batch.items) logItem(logger, item);
    },
  };
}

/** Logs the counts that are not zero, the events, and the two metrics that AWS does not have. */
function logBatch(logger: Logger, batch: BatchReport): void {
  const { items, startedAt, endedAt } = batch;
  const { received, ...others } = countMessages(batch);
  const counts = Object.entries(others).filter(([, count]) => count > 0);
  const [first = [], ...rest] = chunksOf(items);
  logger.info('batch', {
    received,
    ...Object.fromEntries(counts),
    milliseconds: endedAt - startedAt,
    events: first.map(outcomeEntry),
    ...embedMetrics(endedAt, [
      { name: 'failed', unit: 'Count', values: others.failed > 0 ? [others.failed] : [] },
      agesOf(first, endedAt),
    ]),
  });
  for (const some of rest)
    logger.info('batch, continued', {
      events: some.map(outcomeEntry),
      ...embedMetrics(endedAt, [agesOf(some, endedAt)]),
    });
}

function logUnfinished(logger: Logger, items: readonly BatchItem[]): void {
  const unfinished = items.filter(({ finished }) => !finished);
  for (const some of chunksOf(unfinished))
    logger.error('the process ends with unfinished events', { events: some.map(eventEntry) });
}

function logItem(logger: Logger, { event, outcome, attempt }: BatchItem): void {
  if (outcome?.status === 'failed' || outcome?.status === 'deadLettered') {
    logger.error(outcome.status === 'deadLettered' ? 'event given up' : 'event failed', {
      ...eventKeys(event),
      attempt,
      error: outcome.error,
    });
  } else if (outcome?.status === 'released' && outcome.error instanceof NotYetError) {
    logger.info('event waits', { ...eventKeys(event), error: outcome.error });
  } else if (outcome?.status === 'released' && !(outcome.error instanceof GroupBlockedError)) {
    const failed = outcome.error instanceof BreakerOpenError && outcome.error.cause !== undefined;
    logger.warn(failed ? 'event failed, and counts no attempt' : 'event not begun', {
      ...eventKeys(event),
      error: outcome.error,
    });
  } else {
    logger.debug('event', { ...eventKeys(event), attempt, outcome: outcome?.status });
  }
}

function agesOf(items: readonly BatchItem[], endedAt: number) {
  const values = items.flatMap(({ outcome, event }) =>
    outcome?.status === 'completed' && event.time !== undefined
      ? [Math.max(0, endedAt - Date.parse(event.time))]
      : [],
  );
  return { name: 'ageAtProcessing', unit: 'Milliseconds', values } as const;
}

/** Chunks that are small enough for the values of a metric and for a log line. CloudWatch accepts lines of 256 KB. */
function chunksOf(items: readonly BatchItem[]): readonly (readonly BatchItem[])[] {
  return Array.from({ length: Math.ceil(items.length / MAX_VALUES) }, (_, index) =>
    items.slice(index * MAX_VALUES, (index + 1) * MAX_VALUES),
  );
}
