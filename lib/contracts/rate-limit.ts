/** How often the handlers of a consumer may begin, all its concurrent instances taken together. */
export interface RateLimit {
  /** Events per second, 0.005 to 1,000; 0.5 is one every two seconds. */
  readonly perSecond: number;
}

/** What says how long an event can wait for its turn. */
export interface RateLimited {
  readonly rateLimit: RateLimit;
  readonly batchSize: number;
  readonly maxConcurrency: number;
}

/** The slots are booked in one record, and one record of DynamoDB takes a thousand writes a second. */
const MAX_PER_SECOND = 1_000;
/** Slower, and no function could wait for a turn of its own: it has 900 seconds, half of them to wait. */
const MIN_PER_SECOND = 0.005;

/**
 * A handler begins at its slot or up to this much later, never after that. What begins late comes closer to what
 * begins next, so the slots lie further apart than the limit alone asks for, and the limit holds all the same.
 */
export const SLOT_TOLERANCE_MS = 100;
/** An event may wait for its turn during this share of the function's time; the rest is for the handler. */
export const WAITING_SHARE = 0.5;
/** A full batch, unless waiting for the turns of a full batch would take too long. */
const MAX_DEFAULT_BATCH_SIZE = 10;
/** As few instances as Lambda takes: more would only wait side by side. */
const DEFAULT_MAX_CONCURRENCY = 2;
const MS_PER_SECOND = 1_000;

/** Milliseconds from one slot to the next: 220 at five a second. */
export function slotIntervalMs({ perSecond }: RateLimit): number {
  return MS_PER_SECOND / perSecond + SLOT_TOLERANCE_MS / Math.max(1, perSecond);
}

/** How long an event waits for its turn when every instance has a full batch and it is the last of all. */
export function longestWaitSeconds({ rateLimit, batchSize, maxConcurrency }: RateLimited): number {
  return (maxConcurrency * batchSize * slotIntervalMs(rateLimit)) / MS_PER_SECOND;
}

/** The largest batch whose last event has its turn while there is time left for the handler; 0 when there is none. */
export function fittingBatchSize(
  rateLimit: RateLimit,
  { timeoutSeconds, maxConcurrency }: { readonly timeoutSeconds: number; readonly maxConcurrency: number },
): number {
  const waitingMs = timeoutSeconds * MS_PER_SECOND * WAITING_SHARE;
  return Math.floor(waitingMs / (maxConcurrency * slotIntervalMs(rateLimit)));
}

/**
 * What a rate limit changes about a consumer's defaults.
 *
 * @throws TypeError when the limit is no number of events that a consumer could keep to
 */
export function rateLimitDefaults(
  rateLimit: RateLimit,
  props: { readonly timeoutSeconds: number; readonly maxConcurrency?: number | undefined },
): { readonly maxConcurrency: number; readonly batchSize: number } {
  const { perSecond } = rateLimit;
  // Written so that NaN is refused too.
  if (!(perSecond >= MIN_PER_SECOND && perSecond <= MAX_PER_SECOND)) {
    throw new TypeError(
      `rateLimit.perSecond is ${perSecond}; set it to a number from ${MIN_PER_SECOND} to ${MAX_PER_SECOND}`,
    );
  }
  const { timeoutSeconds, maxConcurrency = DEFAULT_MAX_CONCURRENCY } = props;
  const fitting = fittingBatchSize(rateLimit, { timeoutSeconds, maxConcurrency });
  return { maxConcurrency, batchSize: Math.min(MAX_DEFAULT_BATCH_SIZE, Math.max(1, fitting)) };
}
