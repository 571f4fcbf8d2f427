import type { EngineApp } from '../engines/fauxqs.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** The time on this machine, as functions see it. */
export interface ClockState {
  /** ISO 8601. */
  readonly now: string;
  /** How far it is ahead of the real time. */
  readonly aheadSeconds: number;
}

export const CLOCK_PATH = '/_fanfare/clock';
/** How long functions may work at each moment at which something happens, in real time. */
const TIMEOUT_SECONDS = 60;

/** A clock that can be moved. */
export interface MovableClock {
  readonly clock: VirtualClock;
  advance(seconds: number, timeoutSeconds: number): Promise<void>;
}

/** What `GET /_fanfare/clock` answers. */
export function clockState(clock: VirtualClock): ClockState {
  return { now: new Date(clock.now()).toISOString(), aheadSeconds: clock.aheadMs / 1000 };
}

/**
 * Adds `GET /_fanfare/clock`, and `POST /_fanfare/clock?seconds=3600`, which lets time pass and answers when all that follows from it is done.
 * Call it before the engine listens.
 */
export function serveClock(app: EngineApp, machine: MovableClock): void {
  const state = () => clockState(machine.clock);
  app.get(CLOCK_PATH, state);
  app.post<{ Querystring: { seconds?: string } }>(CLOCK_PATH, async ({ query }, reply) => {
    try {
      await machine.advance(Number(query.seconds), TIMEOUT_SECONDS);
      return state();
    } catch (error) {
      // The number is wrong, or a function does not end. The message says which.
      reply.status(400);
      return { message: error instanceof Error ? error.message : String(error) };
    }
  });
}
