import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import type { Asked } from './work.ts';

/**
 * The peer: an SQS consumer made of Powertools batch, idempotency, logger and metrics, put together as their
 * documentation shows it for a queue (the event's own id is the key, not the message id, so that the work is the same).
 *
 * @param handle what is done with each event
 * @see https://docs.aws.amazon.com/powertools/typescript/latest/features/idempotency/
 */
export function createPowertoolsHandler(handle: (event: PeerEvent) => void | Promise<void>) {
  const logger = new Logger({ serviceName: 'peer' });
  const metrics = new Metrics({ namespace: 'Peer', serviceName: 'peer' });
  const processor = new BatchProcessor(EventType.SQS);
  const persistenceStore = new DynamoDBPersistenceLayer({
    tableName: process.env.IDEMPOTENCY_TABLE ?? 'idempotency',
  });
  const config = new IdempotencyConfig({ eventKeyJmesPath: 'id' });
  const handleOnce = makeIdempotent(
    async (event: PeerEvent): Promise<{ readonly done: string }> => {
      logger.debug('handled', { id: event.id });
      await handle(event);
      return { done: event.id };
    },
    { persistenceStore, config },
  );
  const handleRecord = async (record: SQSRecord): Promise<void> => {
    await handleOnce(JSON.parse(record.body));
    metrics.addMetric('processed', MetricUnit.Count, 1);
  };
  return async (event: SQSEvent, context: Context): Promise<unknown> => {
    config.registerLambdaContext(context);
    try {
      return await processPartialResponse(event, handleRecord, processor, {
        context,
        throwOnFullBatchFailure: false,
      });
    } finally {
      metrics.publishStoredMetrics();
    }
  };
}

/** What the peer reads of an event. */
export interface PeerEvent {
  readonly id: string;
  readonly data: Asked;
}
