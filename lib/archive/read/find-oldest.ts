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
  readonly received: Series;
  readonly deleted: Series;
}

/** How far back the metrics are needed. A queue with an older message than this has had an outage. */
export const LOOK_BACK_MS = 6 * 60 * 60_000;
/** CloudWatch has metrics of SQS a few minutes late. */
const LATEST_MS = 10 * 60_000;
const MINUTE_MS = 60_000;

/**
 * The age of the oldest message of a queue.
 *
 * SQS leaves messages that were received three times or more out of this age: after an outage of what reads the queue, that is all of the old
 * ones, also while they are received for the last time. So the age counts only if nothing was received twice in the hours before, or since the
 * queue was empty, and if the queue never held more messages than were sent since the one that SQS called the oldest.
 *
 * @param now epoch milliseconds
 * @returns undefined when no age is known, or it may not be that of the oldest message
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export function findOldest(series: QueueSeries, now: number): OldestAge | undefined {
  const at = Math.max(...series.age.keys());
  const ageSeconds = series.age.get(at);
  if (ageSeconds === undefined || !series.inFlight.has(at) || at < now - LATEST_MS) return undefined;
  if (sentFrom(at, ageSeconds) < now - LOOK_BACK_MS) return undefined;
  const start = lastEmpty(series, at) ?? Math.min(...series.inFlight.keys());
  const holdsOlder = [...series.age].some(
    ([minute, age]) => minute >= start && holdsMore(series, minute, { age, start, isLast: minute === at }),
  );
  return holdsOlder || receivedAgain(series, start, at) ? undefined : { at, ageSeconds };
}

/** When the oldest message was sent at the latest, with a minute for the age and one for the count. */
function sentFrom(at: number, ageSeconds: number): number {
  return at - ageSeconds * 1_000 - 2 * MINUTE_MS;
}

/** The last minute after one in which the queue was empty too. SQS may count what moves from waiting to in flight in neither, but not twice. */
function lastEmpty({ waiting, inFlight }: QueueSeries, at: number): number | undefined {
  const isEmpty = (minute: number) => waiting.get(minute) === 0 && inFlight.get(minute) === 0;
  const empty = [...waiting.keys()].filter(
    (minute) => minute <= at && isEmpty(minute) && isEmpty(minute - MINUTE_MS),
  );
  return empty.length === 0 ? undefined : Math.max(...empty);
}

/** Whether a queue holds more messages than were sent since the oldest one. How many were sent before the series is not known. */
function holdsMore(
  { waiting, inFlight, sent }: QueueSeries,
  minute: number,
  { age, start, isLast }: { readonly age: number; readonly start: number; readonly isLast: boolean },
): boolean {
  const since = sentFrom(minute, age);
  if (since < start && !isLast) return false;
  return (waiting.get(minute) ?? 0) + (inFlight.get(minute) ?? 0) > sum(sent, since, minute);
}

/**
 * Whether messages were received that were neither deleted nor are still in flight: they came back. SQS notes what is in flight at some moment
 * of a minute, so what was received and deleted in the first and the last minute does not count.
 */
function receivedAgain({ received, deleted, inFlight }: QueueSeries, start: number, at: number): boolean {
  const more = (inFlight.get(at) ?? 0) - (inFlight.get(start) ?? 0);
  const again = sum(received, start + MINUTE_MS, at) - sum(deleted, start + MINUTE_MS, at) - more;
  const unsure = [start, at].flatMap((minute) => [received.get(minute) ?? 0, deleted.get(minute) ?? 0]);
  return again > unsure.reduce((total, count) => total + count, 0);
}

/** The sum of the minutes from one to another, both of them included. */
function sum(series: Series, from: number, to: number): number {
  return [...series].reduce(
    (total, [minute, count]) => (minute >= from && minute <= to ? total + count : total),
    0,
  );
}
