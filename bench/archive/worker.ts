import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { createS3ArchiveStore } from '../../lib/archive/read/s3-archive-store.ts';
import { createReplayHandler } from '../../lib/archive/replay/create-replay-handler.ts';
import { createReplayQueue } from '../../lib/archive/replay/replay-queue.ts';
import { isEnded } from '../../lib/archive/replay/replay-state.ts';
import { createReplayTable } from '../../lib/archive/replay/replay-table.ts';
import { systemClock } from '../../lib/aws/clock.ts';
import { clientsOf, type Place } from './engines.ts';

/** What the worker prints. */
export interface Worked {
  readonly seconds: number;
  /** The largest that the process was, in MB. */
  readonly megabytes: number;
}

/**
 * An instance of the replay function, which has one lane at a time, in a process of its own: works until the replay has ended.
 *
 *     node bench/archive/worker.ts <place as JSON> <id of the replay>
 */
const [, , placeText = '', id = ''] = process.argv;
const place: Place = JSON.parse(placeText);
const { sqs, s3, dynamodb } = clientsOf(place);
const ports = { clock: systemClock, random: Math.random };
const table = createReplayTable({ ...ports, dynamodb, name: place.table });
const handler = createReplayHandler({
  ...ports,
  sqs,
  table,
  store: createS3ArchiveStore(s3, place.bucket),
  bucket: { name: place.bucket, put: async () => undefined },
  queue: createReplayQueue(sqs, place.replayQueueUrl),
  watermark: async () => Number.MAX_SAFE_INTEGER,
  replayQueueUrl: place.replayQueueUrl,
  maxReceives: 5,
  log: { error: (message, details) => console.error(message, details) },
});

let ended = false;
const startedAt = performance.now();
await poll();
const seconds = (performance.now() - startedAt) / 1_000;
const worked: Worked = { seconds, megabytes: process.resourceUsage().maxRSS / 1_024 };
console.log(JSON.stringify(worked));
for (const client of [sqs, s3, dynamodb]) client.destroy();

async function poll(): Promise<void> {
  while (!ended) {
    const { Messages: [message] = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: place.replayQueueUrl,
        MaxNumberOfMessages: 1,
        WaitTimeSeconds: 1,
      }),
    );
    if (message) {
      const { MessageId = '', ReceiptHandle = '', Body = '' } = message;
      const attributes = { ApproximateReceiveCount: '1' };
      await handler(
        { Records: [{ messageId: MessageId, receiptHandle: ReceiptHandle, body: Body, attributes }] },
        { getRemainingTimeInMillis: () => 300_000 },
      );
      await sqs.send(new DeleteMessageCommand({ QueueUrl: place.replayQueueUrl, ReceiptHandle }));
    }
    const state = await table.read(id);
    ended = state === undefined || isEnded(state) || state.status === 'failed';
  }
}
