import type { OldestAge } from './watermark.ts';

/** Values of a metric by their minute, in epoch milliseconds. */
export type Series = ReadonlyMap<number, number>;

/** Metrics of a queue, minute by minute. */
export interface QueueSeries {
  /** Age of the oldest message, in seconds. */
  readonly age: Series;
  readonly waiting: Series;
  readonly inFlight: Series;
  readonly sent: Series;
}

/** How far back the metrics are needed. A queue with an older message than this has had an outage. */
export const LOOK_BACK_MS = 6 * 60 * 60_000;
/** CloudWatch has metrics of SQS a few minutes late. */
const LATEST_MS = 10 * 60_000;
const MINUTE_MS = 60_000;
/** A message is received three times before it is missing from the age, which takes some minutes. */
const MIN_MINUTES = 3;

/**
 * The age of the oldest message of a queue.
 *
 * SQS leaves messages that were received three times or more out of this age: after an outage of what reads the queue, that is all of the old
 * ones. So their number is checked. A queue that holds more messages than were sent since the oldest one holds older ones.
 *
 * @param now epoch milliseconds
 * @returns undefined when no age is known, or it is not that of the oldest message
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export function findOldest(series: QueueSeries, now: number): OldestAge | undefined {
  const at = Math.max(...series.age.keys());
  const ageSeconds = series.age.get(at);
  if (ageSeconds === undefined || at < now - LATEST_MS) return undefined;
  if (series.age.size < MIN_MINUTES) return { at, ageSeconds };
  const since = at - ageSeconds * 1_000 - 2 * MINUTE_MS;
  if (since < now - LOOK_BACK_MS) return undefined;
  const held = (series.waiting.get(at) ?? 0) + (series.inFlight.get(at) ?? 0);
  const sent = [...series.sent].reduce((sum, [minute, count]) => (minute >= since ? sum + count : sum), 0);
  return held > sent ? undefined : { at, ageSeconds };
}
