import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { systemClock } from '../../aws/clock.ts';
import { createLogger } from '../../aws/log/create-logger.ts';
import { createRequestHandler } from '../../aws/request-handler.ts';
import { requireEnvironment } from '../../aws/require-environment.ts';
import { s3EndpointOf } from '../../aws/service-endpoint.ts';
import { leadsToThisMachine } from '../../contracts/envelope/data-links.ts';
import { ENVIRONMENT } from '../../contracts/environment.ts';
import { createBucketOfEnvironment } from '../../publishing/large-data/bucket-of-environment.ts';
import {
  createBackfillHandler,
  FILTER_DELAY_MS,
  isBackfillEvent,
  LOCAL_FILTER_DELAY_MS,
} from '../backfill/backfill.ts';
import { createBackfillPorts } from '../backfill/backfill-ports.ts';
import { createArchiveClient, createS3ArchiveStore } from '../read/s3-archive-store.ts';
import { createWatermarkPorts } from '../read/sqs-watermark.ts';
import {
  LOCAL_WATERMARK_MARGIN_MS,
  readWatermark,
  WATERMARK_MARGIN_MS,
  type WatermarkPorts,
} from '../read/watermark.ts';
import { createReplayHandler, type ReplayHandler, type ReplayHandlerProps } from './create-replay-handler.ts';
import { createReplayQueue } from './replay-queue.ts';
import { createReplayTable } from './replay-table.ts';

/**
 * The function of the replay queue of a bus, and of the custom resources of consumers that start with archived events, with what its stack
 * has named in the environment.
 */
function createHandler() {
  const configuration = { cacheMiddleware: true, requestHandler: createRequestHandler() };
  const sqs = new SQSClient(configuration);
  const dynamodb = new DynamoDBClient(configuration);
  const watermark = createWatermarkPorts(
    { sqs, cloudWatch: new CloudWatchClient(configuration) },
    requireEnvironment(ENVIRONMENT.archiveQueueUrl),
  );
  const log = createLogger();
  const replayQueueUrl = requireEnvironment(ENVIRONMENT.queueUrl);
  const ports = { clock: systemClock, random: Math.random };
  const table = createReplayTable({ ...ports, dynamodb, name: requireEnvironment(ENVIRONMENT.replayTable) });
  const queue = createReplayQueue(sqs, replayQueueUrl);
  const backfill = createBackfillHandler({
    ...ports,
    ...createBackfillPorts({ ...ports, sqs, dynamodb }),
    table,
    queue,
    filterDelayMs: isOnThisMachine() ? LOCAL_FILTER_DELAY_MS : FILTER_DELAY_MS,
  });
  const replay = createReplayHandler({
    ...ports,
    sqs,
    store: createS3ArchiveStore(createArchiveClient(), requireEnvironment(ENVIRONMENT.dataBucket)),
    bucket: createBucketOfEnvironment(),
    table,
    queue,
    watermark: () => readOrUnknown(watermark, log),
    replayQueueUrl,
    maxReceives: Number(requireEnvironment(ENVIRONMENT.maxReceives)),
    log,
  });
  return (event: Parameters<ReplayHandler>[0], context: Parameters<ReplayHandler>[1]) =>
    isBackfillEvent(event) ? backfill(event) : replay(event, context);
}

async function readOrUnknown(
  ports: WatermarkPorts,
  log: ReplayHandlerProps['log'],
): Promise<number | undefined> {
  try {
    return await readWatermark(ports, isOnThisMachine() ? LOCAL_WATERMARK_MARGIN_MS : WATERMARK_MARGIN_MS);
  } catch (error) {
    // Not known is an answer: the replay sends what is archived, and looks again before it ends.
    log.error('it is not known how far the archive is; the replay waits with its end', { error });
    return undefined;
  }
}

/** The local runner sets the endpoint of S3 for every function. */
function isOnThisMachine(): boolean {
  const endpoint = s3EndpointOf(process.env);
  return endpoint !== undefined && leadsToThisMachine(endpoint);
}

export const handler = createHandler();
