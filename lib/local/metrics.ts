import type { MetricSource } from './alarms.ts';
import type { MessagingEngine } from './engines/fauxqs.ts';
import type { LocalFunction } from './functions/local-function.ts';

/** Metrics of Lambda count what happened in a period; this machine's period is the last minute. */
const PERIOD_MS = 60_000;

/** The metrics that alarms on this machine can look at: of queues as they are now, of functions in the last minute. */
export function createMetricSource(
  { sqs }: MessagingEngine,
  functionNamed: (name: string) => LocalFunction | undefined,
): MetricSource {
  const ofQueue = (metric: string, name: string): number | undefined => {
    const queue = sqs.getQueueByName(name);
    if (!queue) return undefined;
    queue.processTimers();
    if (metric === 'ApproximateNumberOfMessagesVisible')
      return Number(queue.getAttribute('ApproximateNumberOfMessages'));
    if (metric !== 'ApproximateAgeOfOldestMessage') return undefined;
    const { ready, inflight } = queue.inspectMessages();
    const sent = [...ready, ...inflight.map(({ message }) => message)].map(
      ({ sentTimestamp }) => sentTimestamp,
    );
    return sent.length === 0 ? 0 : (Date.now() - Math.min(...sent)) / 1000;
  };
  const ofFunction = (metric: string, name: string): number | undefined => {
    const since = Date.now() - PERIOD_MS;
    return metric === 'Errors'
      ? functionNamed(name)?.counters.failedAt.filter((at) => at > since).length
      : undefined;
  };
  return (namespace, metric, dimension) => {
    if (namespace === 'AWS/SQS') return ofQueue(metric, dimension);
    return namespace === 'AWS/Lambda' ? ofFunction(metric, dimension) : undefined;
  };
}
