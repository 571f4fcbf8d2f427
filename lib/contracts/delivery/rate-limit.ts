/** Limits how often the handlers of a consumer may begin, over all its instances together. */
export interface RateLimit {
  /** Events per second, 0.005 to 1,000. For example, 0.5 is one event every two seconds. */
  readonly perSecond: number;
}

/** The values that decide how long an event can wait for its slot. */
export interface RateLimited {
  readonly rateLimit: RateLimit;
  readonly batchSize: number;
  readonly maxConcurrency: number;
}

/** All slots are reserved in one DynamoDB record, which allows 1,000 writes per second. @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html */
const MAX_PER_SECOND = 1_000;
/** With a lower limit, no function could wait long enough for a slot: it has at most 900 seconds, half of them for waiting. */
const MIN_PER_SECOND = 0.005;

/**
 * A handler begins at its slot or up to this much later. A handler that begins late is closer to the next one, so the slots are farther
 * apart than the limit alone requires. This keeps the limit.
 */
export const SLOT_TOLERANCE_MS = 100;
/** Share of the function's time in which an event may wait for its slot. The rest is for the handler. */
export const WAITING_SHARE = 0.5;
/** Default batch size, unless a batch of this size would have to wait too long. */
const MAX_DEFAULT_BATCH_SIZE = 10;
/** The minimum that Lambda allows. More instances would only wait at the same time. */
const DEFAULT_MAX_CONCURRENCY = 2;
const MS_PER_SECOND = 1_000;

/** Milliseconds from one slot to the next: 220 at five a second. */
export function slotIntervalMs({ perSecond }: RateLimit): number {
  return MS_PER_SECOND / perSecond + SLOT_TOLERANCE_MS / Math.max(1, perSecond);
}

/** How long the last event waits for its slot when every instance has a full batch. */
export function longestWaitSeconds({ rateLimit, batchSize, maxConcurrency }: RateLimited): number {
  return (maxConcurrency * batchSize * slotIntervalMs(rateLimit)) / MS_PER_SECOND;
}

/** The largest batch whose last event gets its slot while there is time left for its handler; 0 when there is no such batch. */
export function fittingBatchSize(
  rateLimit: RateLimit,
  { timeoutSeconds, maxConcurrency }: { readonly timeoutSeconds: number; readonly maxConcurrency: number },
): number {
  const waitingMs = timeoutSeconds * MS_PER_SECOND * WAITING_SHARE;
  return Math.floor(waitingMs / (maxConcurrency * slotIntervalMs(rateLimit)));
}

/**
 * The defaults of a consumer with a rate limit.
 *
 * @throws TypeError when the limit is out of range
 */
export function rateLimitDefaults(
  rateLimit: RateLimit,
  props: { readonly timeoutSeconds: number; readonly maxConcurrency?: number | undefined },
): { readonly maxConcurrency: number; readonly batchSize: number } {
  const { perSecond } = rateLimit;
  // This form of the condition refuses NaN too.
  if (!(perSecond >= MIN_PER_SECOND && perSecond <= MAX_PER_SECOND)) {
    throw new TypeError(
      `rateLimit.perSecond is ${perSecond}; set it to a number from ${MIN_PER_SECOND} to ${MAX_PER_SECOND}`,
    );
  }
  const { timeoutSeconds, maxConcurrency = DEFAULT_MAX_CONCURRENCY } = props;
  const fitting = fittingBatchSize(rateLimit, { timeoutSeconds, maxConcurrency });
  return { maxConcurrency, batchSize: Math.min(MAX_DEFAULT_BATCH_SIZE, Math.max(1, fitting)) };
}
