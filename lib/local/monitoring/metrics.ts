import { METRIC_PERIOD_MS } from '../aws-limits.ts';
import type { MessagingEngine, Queue } from '../engines/fauxqs.ts';
import { entryOf } from '../functions/entry-of.ts';
import type { LocalFunction } from '../functions/local-function.ts';
import type { LocalHttpApi } from '../http/http-api.ts';
import type { MetricSource } from './alarms.ts';

/** The sources of the metrics. */
export interface Measured {
  readonly messaging: Pick<MessagingEngine, 'sqs' | 'trafficOf'>;
  readonly api: LocalHttpApi;
  functionNamed(name: string): LocalFunction | undefined;
}

type OfNamespace = (measured: Measured, metric: string, dimension: string) => number | undefined;

const OF_QUEUE: Readonly<Record<string, (queue: Queue, trafficOf: MessagingEngine['trafficOf']) => number>> =
  {
    ApproximateNumberOfMessagesVisible: (queue) => Number(queue.getAttribute('ApproximateNumberOfMessages')),
    ApproximateNumberOfMessagesNotVisible: (queue) =>
      Number(queue.getAttribute('ApproximateNumberOfMessagesNotVisible')),
    ApproximateAgeOfOldestMessage: (queue) => ageOfOldest(queue.inspectMessages()),
    NumberOfMessagesSent: (queue, trafficOf) => trafficOf(queue).sent,
    NumberOfMessagesDeleted: (queue, trafficOf) => trafficOf(queue).deleted,
  };

const NAMESPACES: Readonly<Record<string, OfNamespace>> = {
  'AWS/SQS': ({ messaging: { sqs, trafficOf } }, metric, name) => {
    const queue = sqs.getQueueByName(name);
    if (!queue) return undefined;
    queue.processTimers();
    return entryOf(OF_QUEUE, metric)?.(queue, trafficOf);
  },
  'AWS/Lambda': ({ functionNamed }, metric, name) => {
    const counters = functionNamed(name)?.counters;
    if (metric === 'Errors')
      return counters?.failedAt.filter((at) => at > Date.now() - METRIC_PERIOD_MS).length;
    // There are no throttles here: invocations wait for an execution environment.
    return metric === 'Throttles' && counters ? 0 : undefined;
  },
  'AWS/ApiGateway': ({ api }, metric) => (metric === '5xx' ? api.serverErrors : undefined),
};

/** The metrics that local alarms can use. Numbers of messages are current; counts of Lambda, API Gateway and traffic are of the last minute. */
export function createMetricSource(measured: Measured): MetricSource {
  return (namespace, metric, dimension) => entryOf(NAMESPACES, namespace)?.(measured, metric, dimension);
}

/** Age of the oldest message in seconds; 0 when the queue is empty. */
function ageOfOldest({
  ready,
  inflight,
}: {
  ready: readonly { sentTimestamp: number }[];
  inflight: readonly { message: { sentTimestamp: number } }[];
}): number {
  const sent = [...ready, ...inflight.map(({ message }) => message)].map(
    ({ sentTimestamp }) => sentTimestamp,
  );
  const oldest = sent.reduce((earliest, at) => Math.min(earliest, at), Date.now());
  return (Date.now() - oldest) / 1000;
}
