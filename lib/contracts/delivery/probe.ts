/** Why a consumer's intake is stopped: it decides which failures of a probe mean that it stays stopped. */
export type ProbeFor = 'outage' | 'alike';

/**
 * How a probe ended. `passed`: its handler completed. `failed`: it failed as before, and its event waits, with no attempt counted.
 * `undecided`: its event says nothing about what the consumer calls: a duplicate, or one that fails for its own reason.
 */
export type ProbeAnswer = 'passed' | 'failed' | 'undecided';
