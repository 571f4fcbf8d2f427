import type { Intake, IntakeState } from '../../intake/intake-state.ts';

/** Whether a consumer takes messages, and why not. Times are ISO 8601. */
export interface ShownIntake {
  /** `tripped`: its breaker is open. `paused`: somebody has stopped it by hand. */
  readonly state: Intake;
  /** Undefined when it was never stopped. */
  readonly since?: string | undefined;
  /** When a pause ends by itself. @default - it does not */
  readonly until?: string | undefined;
  /** Who has paused or resumed it. @default - the breaker */
  readonly by?: string | undefined;
  /** Why it is stopped, or was the last time. @default - nothing is known */
  readonly reason?: string | undefined;
  /** When the breaker tries an event again. */
  readonly nextProbeAt?: string | undefined;
}

/** A state as it is shown. Undefined: the consumer was never stopped. */
export function shownIntake(state: IntakeState | undefined): ShownIntake {
  if (!state) return { state: 'flowing' };
  const { intake, since, until, by, reason, nextProbeAt } = state;
  return {
    state: intake,
    since: isoTime(since),
    until: intake === 'paused' ? isoTime(until) : undefined,
    by,
    reason: reason === '' ? undefined : reason,
    nextProbeAt: intake === 'tripped' ? isoTime(nextProbeAt) : undefined,
  };
}

/**
 * What stops a consumer, in one line: `paused since 2026-11-27 12:00:00Z until 2026-11-27 14:00:00Z by ada@laptop: the bank moves`. Of one that
 * flows, `takes messages`.
 */
export function describeIntake({ state, since, until, by, reason, nextProbeAt }: ShownIntake): string {
  if (state === 'flowing') return 'takes messages';
  const why = reason === undefined ? '' : `: ${reason}`;
  if (state === 'tripped') {
    const next = nextProbeAt === undefined ? '' : `, next probe ${readable(nextProbeAt)}`;
    return `breaker open since ${readable(since)}${next}${why}`;
  }
  const end = until === undefined ? ', until somebody resumes it' : ` until ${readable(until)}`;
  return `paused since ${readable(since)}${end}${by === undefined ? '' : `, by ${by}`}${why}`;
}

/** As all commands show a time: the date and the time of day, in UTC. */
function readable(iso = ''): string {
  return iso === '' ? '?' : `${iso.replace('T', ' ').slice(0, 19)}Z`;
}

function isoTime(at: number | undefined): string | undefined {
  return at === undefined || !Number.isFinite(at) ? undefined : new Date(at).toISOString();
}
