/** When every simulation begins. */
export const START = Date.UTC(2026, 0, 1);
export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;
/** Trouble reigns for so long; then everything works, so that what can be finished is. */
export const TROUBLE_MS = 3 * MINUTE;
/** From then on no invocation is left that has known trouble, nor a slot that such a one has booked and not used. */
export const AT_REST_MS = TROUBLE_MS + 2 * MINUTE;
