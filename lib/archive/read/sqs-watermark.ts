import { type CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { findOldest, LOOK_BACK_MS, type Series } from './find-oldest.ts';
import type { OldestAge, QueueLook, WatermarkPorts } from './watermark.ts';

const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;
const PERIOD_SECONDS = 60;

const METRICS = {
  age: { metric: 'ApproximateAgeOfOldestMessage', statistic: 'Maximum' },
  waiting: { metric: 'ApproximateNumberOfMessagesVisible', statistic: 'Minimum' },
  inFlight: { metric: 'ApproximateNumberOfMessagesNotVisible', statistic: 'Minimum' },
  sent: { metric: 'NumberOfMessagesSent', statistic: 'Sum' },
  received: { metric: 'NumberOfMessagesReceived', statistic: 'Sum' },
  deleted: { metric: 'NumberOfMessagesDeleted', statistic: 'Sum' },
} as const;

/** Calculates the watermark from the queue of an archive: two requests to SQS, or one and a request to CloudWatch. */
export function createWatermarkPorts(
  clients: { readonly sqs: SQSClient; readonly cloudWatch: CloudWatchClient },
  queueUrl: string,
): WatermarkPorts {
  return {
    look: () => look(clients.sqs, queueUrl),
    oldestAge: () => oldestAge(clients.cloudWatch, queueUrl.slice(queueUrl.lastIndexOf('/') + 1)),
    now: () => Date.now(),
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  };
}

async function look(sqs: SQSClient, QueueUrl: string): Promise<QueueLook> {
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...COUNTS] }),
  );
  return { messages: COUNTS.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0) };
}

async function oldestAge(cloudWatch: CloudWatchClient, queueName: string): Promise<OldestAge | undefined> {
  const now = Date.now();
  const { MetricDataResults = [] } = await cloudWatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(now - LOOK_BACK_MS),
      EndTime: new Date(now),
      MetricDataQueries: Object.entries(METRICS).map(([Id, { metric, statistic }]) => ({
        Id,
        MetricStat: {
          Period: PERIOD_SECONDS,
          Stat: statistic,
          Metric: {
            Namespace: 'AWS/SQS',
            MetricName: metric,
            Dimensions: [{ Name: 'QueueName', Value: queueName }],
          },
        },
      })),
    }),
  );
  const seriesOf = (role: keyof typeof METRICS): Series => {
    const { Timestamps = [], Values = [] } = MetricDataResults.find(({ Id }) => Id === role) ?? {};
    return new Map(Timestamps.map((at, index) => [at.getTime(), Values[index] ?? 0]));
  };
  return findOldest(
    {
      age: seriesOf('age'),
      waiting: seriesOf('waiting'),
      inFlight: seriesOf('inFlight'),
      sent: seriesOf('sent'),
      received: seriesOf('received'),
      deleted: seriesOf('deleted'),
    },
    now,
  );
}
