import { type MetricDataQuery, paginateGetMetricData } from '@aws-sdk/client-cloudwatch';
import { MAX_METRIC_QUERIES } from '../aws-limits.ts';
import type { OpsClients } from '../clients.ts';
import type { DeployedConsumer } from '../deployment.ts';
import { queueName } from '../queue-name.ts';

/** Metrics of a consumer's queue that only CloudWatch has; null when CloudWatch reported none recently. */
export interface QueueMetrics {
  /** Age of the oldest message that waits or is in flight. */
  readonly oldestAgeSeconds: number | null;
  /** In the latest minute that CloudWatch reports. */
  readonly sentPerMinute: number | null;
  readonly deletedPerMinute: number | null;
  /** Minutes, up to the latest, in which some message was always in flight and none was deleted. */
  readonly stalledMinutes: number;
}

const PERIOD_SECONDS = 60;
/** CloudWatch reports metrics of SQS a few minutes late. Older values than this are not used as current values. */
const LATEST_MS = 10 * 60_000;
/** Long enough to find a queue whose messages take longer than usual. */
const LOOK_BACK_MS = 30 * 60_000;

const METRICS = {
  age: { metric: 'ApproximateAgeOfOldestMessage', statistic: 'Maximum' },
  sent: { metric: 'NumberOfMessagesSent', statistic: 'Sum' },
  deleted: { metric: 'NumberOfMessagesDeleted', statistic: 'Sum' },
  inFlight: { metric: 'ApproximateNumberOfMessagesNotVisible', statistic: 'Minimum' },
} as const;
type Role = keyof typeof METRICS;
const ROLES: readonly Role[] = ['age', 'sent', 'deleted', 'inFlight'];

/** Values by their minute, epoch milliseconds. */
type Series = ReadonlyMap<number, number>;

/** Reads the metrics of all queues, by the label of their consumer: one request for each 125 consumers. */
export async function readQueueMetrics(
  clients: Pick<OpsClients, 'cloudWatch'>,
  consumers: readonly DeployedConsumer[],
): Promise<ReadonlyMap<string, QueueMetrics>> {
  const now = Date.now();
  const queries = consumers.flatMap(({ queueUrl }, index) =>
    ROLES.map((role) => queryOf(role, index, queueUrl)),
  );
  const series = new Map<string, Map<number, number>>();
  for (let start = 0; start < queries.length; start += MAX_METRIC_QUERIES) {
    const pages = paginateGetMetricData(
      { client: clients.cloudWatch },
      {
        StartTime: new Date(now - LOOK_BACK_MS),
        EndTime: new Date(now),
        MetricDataQueries: queries.slice(start, start + MAX_METRIC_QUERIES),
      },
    );
    for await (const { MetricDataResults = [] } of pages) {
      for (const { Id = '', Timestamps = [], Values = [] } of MetricDataResults) {
        const values = series.get(Id) ?? new Map<number, number>();
        Timestamps.forEach((at, index) => void values.set(at.getTime(), Values[index] ?? 0));
        series.set(Id, values);
      }
    }
  }
  const seriesOf = (role: Role, index: number): Series => series.get(`${role}${index}`) ?? new Map();
  return new Map(
    consumers.map(({ label }, index) => [
      label,
      {
        oldestAgeSeconds: latest(seriesOf('age', index), now),
        sentPerMinute: latest(seriesOf('sent', index), now),
        deletedPerMinute: latest(seriesOf('deleted', index), now),
        stalledMinutes: stalledMinutes(seriesOf('inFlight', index), seriesOf('deleted', index)),
      },
    ]),
  );
}

function queryOf(role: Role, index: number, queueUrl: string): MetricDataQuery {
  const { metric, statistic } = METRICS[role];
  return {
    Id: `${role}${index}`,
    MetricStat: {
      Period: PERIOD_SECONDS,
      Stat: statistic,
      Metric: {
        Namespace: 'AWS/SQS',
        MetricName: metric,
        Dimensions: [{ Name: 'QueueName', Value: queueName(queueUrl) }],
      },
    },
  };
}

function latest(series: Series, now: number): number | null {
  const at = Math.max(...series.keys());
  return at > now - LATEST_MS ? (series.get(at) ?? null) : null;
}

/**
 * Counts backwards from the latest minute. The age of the oldest message is not enough, because SQS does not count messages that were received
 * three times or more.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
function stalledMinutes(inFlight: Series, deleted: Series): number {
  const minutes = [...inFlight].toSorted(([a], [b]) => b - a);
  const lastProgress = minutes.findIndex(([at, lowest]) => lowest === 0 || (deleted.get(at) ?? 0) > 0);
  return lastProgress === -1 ? minutes.length : lastProgress;
}
