/** What the archive's queue holds, approximately, as SQS counts. */
export interface QueueLook {
  /** Messages that wait, are in flight, or are delayed. */
  readonly messages: number;
}

/** The age of the oldest message of a queue, and when CloudWatch noted it. */
export interface OldestAge {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly ageSeconds: number;
}

/** What the watermark is calculated from. */
export interface WatermarkPorts {
  look(): Promise<QueueLook>;
  /** The latest that is known; undefined when CloudWatch has none of the last minutes, or it is not that of the oldest message. */
  oldestAge(): Promise<OldestAge | undefined>;
  /** Epoch milliseconds. */
  now(): number;
  sleep(milliseconds: number): Promise<void>;
}

/**
 * SQS counts right about a minute after the last change. The rest is for clocks that differ.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
 */
export const WATERMARK_MARGIN_MS = 2 * 60_000;
/** The engines on this machine count exactly, by one clock. */
export const LOCAL_WATERMARK_MARGIN_MS = 1_000;
/** Servers of SQS answer from a sample: what one look has missed, another one sees. */
const BETWEEN_LOOKS_MS = 2_000;

/**
 * The moment up to which the archive is complete: every message that reached its queue before is in an object, or in its dead-letter queue.
 *
 * Of a queue that is empty at two looks, it is the time of the first look, without the margin. Otherwise it is when the oldest message of
 * the queue arrived. CloudWatch knows its age, some minutes late, which is on the safe side: what was the oldest then is gone or still the
 * oldest. After an outage no age is known, until the queue is empty.
 *
 * @param marginMs for counts and clocks that are late. @default 120000
 * @returns epoch milliseconds; undefined when the queue has messages and no age is known, as after hours without any, or after an outage
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export async function readWatermark(
  ports: WatermarkPorts,
  marginMs = WATERMARK_MARGIN_MS,
): Promise<number | undefined> {
  const at = ports.now();
  if (await isEmptyTwice(ports)) return at - marginMs;
  const oldest = await ports.oldestAge();
  return oldest && Math.min(oldest.at - oldest.ageSeconds * 1_000, at) - marginMs;
}

async function isEmptyTwice({ look, sleep }: WatermarkPorts): Promise<boolean> {
  if ((await look()).messages > 0) return false;
  await sleep(BETWEEN_LOOKS_MS);
  return (await look()).messages === 0;
}
