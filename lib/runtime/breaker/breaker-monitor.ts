import type { ProbeFor } from '../../contracts/delivery/probe.ts';
import { reasonOf } from '../../contracts/text/error-reason.ts';
import { sendableText } from '../../contracts/text/sendable-text.ts';
import { isOutageLike } from './outage-like.ts';

/** Why a breaker opens. */
export interface Trip {
  readonly cause: ProbeFor;
  /** Name of the error that different events have failed with. @default - of several names: they look like an outage */
  readonly errorName?: string | undefined;
  /** For people. */
  readonly reason: string;
}

/** What one process has seen of what its handlers call. It makes no request. */
export interface BreakerMonitor {
  /** A handler has completed. */
  succeeded(at: number): void;
  failed(eventId: string, error: Error): void;
  /** Why the breaker should open; undefined as long as it should not. */
  readonly trip: Trip | undefined;
  /** Epoch milliseconds of the last success in this process. @default -Infinity */
  readonly lastSuccessAt: number;
  /** Forgets the failures. */
  reset(): void;
  /** Lets handlers begin again; the next failure of the same kind opens the breaker at once. */
  retry(): void;
}

/** So many names of errors are counted at once. Whoever makes a new name for every error has no names. */
const MAX_NAMES = 50;

/** One event cannot fail alike with itself. */
const LEAST_ALIKE = 2;

/** The name of an error, as the state of the intake keeps it. */
export function nameOf(error: Error): string {
  return sendableText(reasonOf(error).name);
}

/** @param after how many different events that fail, with no success between them, open the breaker */
export function createBreakerMonitor(after: number): BreakerMonitor {
  const outages = new Set<string>();
  let lastSuccessAt = Number.NEGATIVE_INFINITY;
  let trip: Trip | undefined;
  const alike = new Map<string, Set<string>>();
  const reset = (): void => {
    outages.clear();
    trip = undefined;
    alike.clear();
  };
  return {
    get trip() {
      return trip;
    },
    get lastSuccessAt() {
      return lastSuccessAt;
    },
    reset,
    retry: () => {
      trip = undefined;
    },
    succeeded: (at) => {
      reset();
      lastSuccessAt = Math.max(lastSuccessAt, at);
    },
    failed: (eventId, error) => {
      const { message } = reasonOf(error);
      const name = nameOf(error);
      if (isOutageLike(error)) {
        outages.add(eventId);
        if (outages.size >= after)
          trip ??= {
            cause: 'outage',
            reason: `${outages.size} different events failed in a row, the last: ${name}: ${message}`,
          };
        return;
      }
      const events = alike.get(name) ?? new Set();
      if (alike.size < MAX_NAMES) alike.set(name, events);
      events.add(eventId);
      if (events.size >= Math.max(LEAST_ALIKE, after))
        trip ??= {
          cause: 'alike',
          errorName: name,
          reason: `${events.size} different events failed alike, the last: ${name}: ${message}`,
        };
    },
  };
}
