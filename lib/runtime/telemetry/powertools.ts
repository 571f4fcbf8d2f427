import type { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Envelope } from '../../contracts/envelope.ts';
import { GroupBlocked } from '../failures.ts';
import type { Job } from '../job.ts';
import { countMessages } from './count.ts';
import { createLogger } from './create-logger.ts';
import type { BatchReport, Telemetry } from './telemetry.ts';

/**
 * Telemetry through Powertools: JSON log lines, and metrics in CloudWatch's embedded format, which cost no request.
 * One line per batch, one per event that failed; one per event only at level DEBUG.
 */
export function createTelemetry(consumer: string): Telemetry {
  const logger = createLogger(consumer);
  const metrics = new Metrics({ serviceName: consumer });
  let inHand: readonly Job[] = [];
  // A handler that exits, or a rejection that nobody has handled, ends the process without a report.
  process.on('exit', () => logUnfinished(logger, inHand));
  return {
    begin: (jobs) => {
      inHand = jobs;
    },
    loggerFor: (event) => logger.createChild({ persistentKeys: identify(event) }),
    report: (batch) => {
      inHand = [];
      const counts = countMessages(batch);
      logger.info('batch', { ...counts, milliseconds: batch.endedAt - batch.startedAt });
      if (batch.unscheduled > 0)
        logger.warn('redeliveries follow the visibility timeout', { messages: batch.unscheduled });
      for (const { record, error } of batch.poisons) {
        logger.error('unreadable message', { messageId: record.messageId, error });
      }
      for (const [messageId, reason] of batch.refused) {
        logger.error('the dead-letter queue does not take a message; it stays in the queue', {
          messageId,
          reason,
        });
      }
      if (batch.fault) logger.error('the batch was not finished; the rest of it comes again', batch.fault);
      for (const job of batch.jobs) logJob(logger, job);
      for (const [name, value] of Object.entries(counts)) {
        if (value > 0) metrics.addMetric(name, MetricUnit.Count, value);
      }
      for (const age of agesOf(batch)) metrics.addMetric('ageAtProcessing', MetricUnit.Milliseconds, age);
      metrics.publishStoredMetrics();
    },
  };
}

function logUnfinished(logger: Logger, jobs: readonly Job[]): void {
  const unfinished = jobs.filter(({ finished }) => !finished);
  if (unfinished.length === 0) return;
  logger.error('the process ends with events in its hands', {
    events: unfinished.map(({ facts, attempt }) => ({ event: facts.id, attempt })),
  });
}

function logJob(logger: Logger, { event, outcome, attempt }: Job): void {
  if (outcome?.kind === 'failed' || outcome?.kind === 'dead') {
    logger.error(outcome.kind === 'dead' ? 'event given up' : 'event failed', {
      event: identify(event),
      attempt,
      error: outcome.error,
    });
  } else if (outcome?.kind === 'waiting' && !(outcome.error instanceof GroupBlocked)) {
    logger.warn('event not begun', { event: identify(event), error: outcome.error });
  } else {
    logger.debug('event', { event: identify(event), attempt, outcome: outcome?.kind });
  }
}

function identify(event: Envelope): Record<string, string | undefined> {
  const { id, source, type, upcastfrom, correlationid, causationid, traceparent } = event;
  return {
    eventId: id,
    source,
    type,
    upcastFrom: upcastfrom,
    correlationId: correlationid,
    causationId: causationid,
    traceparent,
  };
}

function agesOf({ jobs, endedAt }: BatchReport): number[] {
  return jobs.flatMap(({ outcome, event }) =>
    outcome?.kind === 'done' && event.time !== undefined
      ? [Math.max(0, endedAt - Date.parse(event.time))]
      : [],
  );
}
