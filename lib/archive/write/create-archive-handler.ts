import { randomBytes } from 'node:crypto';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type Clock, systemClock } from '../../aws/clock.ts';
import { createLogger } from '../../aws/log/create-logger.ts';
import { createRequestHandler } from '../../aws/request-handler.ts';
import { requireEnvironment } from '../../aws/require-environment.ts';
import { ENVIRONMENT } from '../../contracts/environment.ts';
import { createBucketOfEnvironment } from '../../publishing/large-data/bucket-of-environment.ts';
import { type ArchivePorts, archiveBatch } from './archive-batch.ts';
import { createArchiveLog } from './archive-log.ts';
import { createBuryUnreadable } from './bury-unreadable.ts';

/** The Lambda handler of the archive function. */
export type ArchiveHandler = (
  event: SQSEvent,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
) => Promise<SQSBatchResponse>;

/** Time that is kept for the answer after the last request: a result that Lambda does not get acknowledges nothing. */
const MARGIN_MS = 2_000;
/** Share of the time after which no more large data is read: a bucket that is silent about some events must not keep the others from being written. */
const READING_SHARE = 0.5;
const WRITER_BYTES = 4;

/**
 * Creates the Lambda handler that writes the events of a bus to its archive.
 *
 * @throws Error at start when an environment variable is missing that the stack sets
 */
export function createArchiveHandler(): ArchiveHandler {
  const ports: ArchivePorts = {
    bucket: createBucketOfEnvironment(),
    log: createArchiveLog(createLogger()),
    bury: createBuryUnreadable({
      sqs: new SQSClient({ cacheMiddleware: true, requestHandler: createRequestHandler() }),
      queueUrl: requireEnvironment(ENVIRONMENT.deadLetterQueueUrl),
      clock: systemClock,
    }),
    nextName: createNames(systemClock),
  };
  return ({ Records }, context) => {
    const milliseconds = Math.max(0, context.getRemainingTimeInMillis() - MARGIN_MS);
    const reading = AbortSignal.timeout(Math.floor(milliseconds * READING_SHARE));
    return archiveBatch(ports, Records, { reading, all: AbortSignal.timeout(milliseconds) });
  };
}

/** The moments of one execution environment only grow, also within a millisecond. */
export function createNames(clock: Pick<Clock, 'now'>): ArchivePorts['nextName'] {
  let last = 0;
  return () => {
    last = Math.max(clock.now(), last + 1);
    return { writtenAt: last, writer: randomBytes(WRITER_BYTES).toString('hex') };
  };
}
