import type { MetricSource } from './alarms.ts';
import type { MessagingEngine } from './engines/fauxqs.ts';
import { entryOf } from './entry-of.ts';
import type { LocalFunction } from './functions/local-function.ts';
import type { LocalHttpApi } from './http-api.ts';

/** Metrics of Lambda count what happened in a period; this machine's period is the last minute. */
const PERIOD_MS = 60_000;

/** Where the numbers come from. */
export interface Measured {
  readonly sqs: MessagingEngine['sqs'];
  readonly api: LocalHttpApi;
  functionNamed(name: string): LocalFunction | undefined;
}

type OfNamespace = (measured: Measured, metric: string, dimension: string) => number | undefined;

const NAMESPACES: Readonly<Record<string, OfNamespace>> = {
  'AWS/SQS': ({ sqs }, metric, name) => {
    const queue = sqs.getQueueByName(name);
    if (!queue) return undefined;
    queue.processTimers();
    if (metric === 'ApproximateNumberOfMessagesVisible')
      return Number(queue.getAttribute('ApproximateNumberOfMessages'));
    if (metric === 'ApproximateNumberOfMessagesNotVisible')
      return Number(queue.getAttribute('ApproximateNumberOfMessagesNotVisible'));
    return metric === 'ApproximateAgeOfOldestMessage' ? ageOfOldest(queue.inspectMessages()) : undefined;
  },
  'AWS/Lambda': ({ functionNamed }, metric, name) => {
    const counters = functionNamed(name)?.counters;
    if (metric === 'Errors') return counters?.failedAt.filter((at) => at > Date.now() - PERIOD_MS).length;
    // Invocations wait for an execution environment here; none is refused.
    return metric === 'Throttles' && counters ? 0 : undefined;
  },
  'AWS/ApiGateway': ({ api }, metric) => (metric === '5xx' ? api.serverErrors : undefined),
};

/** The metrics that alarms on this machine can look at: of queues as they are now, of all else in the last minute. */
export function createMetricSource(measured: Measured): MetricSource {
  return (namespace, metric, dimension) => entryOf(NAMESPACES, namespace)?.(measured, metric, dimension);
}

/** In seconds; 0 when there is none. */
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
