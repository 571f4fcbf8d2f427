import { type CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { OldestAge, QueueLook, WatermarkPorts } from './watermark.ts';

const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;
const PERIOD_SECONDS = 60;
/** CloudWatch has metrics of SQS a few minutes late. */
const LOOK_BACK_MS = 10 * 60_000;

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
  const { MetricDataResults: [age] = [] } = await cloudWatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(now - LOOK_BACK_MS),
      EndTime: new Date(now),
      ScanBy: 'TimestampDescending',
      MetricDataQueries: [
        {
          Id: 'age',
          MetricStat: {
            Period: PERIOD_SECONDS,
            Stat: 'Maximum',
            Metric: {
              Namespace: 'AWS/SQS',
              MetricName: 'ApproximateAgeOfOldestMessage',
              Dimensions: [{ Name: 'QueueName', Value: queueName }],
            },
          },
        },
      ],
    }),
  );
  const [at] = age?.Timestamps ?? [];
  const [ageSeconds] = age?.Values ?? [];
  return at && ageSeconds !== undefined ? { at: at.getTime(), ageSeconds } : undefined;
}
