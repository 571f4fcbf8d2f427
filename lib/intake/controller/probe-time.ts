import type { TripMessage } from '../control-message.ts';

/** The controller's function is ended after that. @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const MAX_FUNCTION_SECONDS = 900;
/** What a tick does beside its probes fits into it, and so does the next hiding of its message. */
const MARGIN_SECONDS = 30;
/** An answer that comes later than the function's time-out was on its way. */
const ANSWER_GRACE_SECONDS = 10;

/** Seconds after its beginning at which a tick has no further probe under way. */
export const TICK_ENDS_AFTER_SECONDS = MAX_FUNCTION_SECONDS - MARGIN_SECONDS;
const LONGEST_PROBE_SECONDS = TICK_ENDS_AFTER_SECONDS - MARGIN_SECONDS;

/**
 * Seconds to wait for a probe. A function with a time-out near the limit of 15 minutes may still be running then: its probe counts as failed.
 */
export function probeSeconds({ timeoutSeconds }: Pick<TripMessage, 'timeoutSeconds'>): number {
  return Math.min(timeoutSeconds + ANSWER_GRACE_SECONDS, LONGEST_PROBE_SECONDS);
}
