import type { Clock } from '../aws/clock.ts';
import { DeadlineExceededError, OutOfTimeError } from './errors.ts';

/** Time that is kept for publishing, settling and answering after the last handler. */
const MARGIN_MS = 2_000;
/** With a short time-out, the margin is this share of it instead. */
const MARGIN_SHARE = 0.2;
/** Shares of the margin that are left after publishing, after settling, and after all requests, when each takes its maximum time. */
const AFTER_PUBLISHING_SHARE = 0.5;
const AFTER_SETTLING_SHARE = 0.25;
const AFTER_REQUESTS_SHARE = 0.1;

/** The time limits of an invocation: for handlers, for publishing, for settling, and for other requests. */
export interface Deadline {
  /** Epoch milliseconds at which Lambda ends the invocation. */
  readonly endsAt: number;
  /** Epoch milliseconds at which the handlers' time is over. */
  readonly handlersEndAt: number;
  /** Epoch milliseconds at which publishing has to end, so that there is time to record what is not published. */
  readonly publishingEndsAt: number;
  /** Epoch milliseconds at which settling has to end, so that there is time to send dead letters and to schedule redeliveries. */
  readonly settlingEndsAt: number;
  /** Epoch milliseconds at which the last request has to end. */
  readonly requestsEndAt: number;
  /** Fires when handlers should stop. */
  readonly signal: AbortSignal;
  /** Whether it is too late to begin a handler, for example because the process was paused or earlier events took long. */
  passed(): boolean;
  /** Waits for a handler until `handlersEndAt`. @throws DeadlineExceededError when it is still running then */
  race<T>(work: Promise<T>): Promise<T>;
  /** Ends the timer, when the batch has ended. */
  end(): void;
}

/** @param remainingMs milliseconds that are left of the invocation, as Lambda reports them */
export function createDeadline(clock: Clock, remainingMs: number): Deadline {
  const margin = Math.min(MARGIN_MS, remainingMs * MARGIN_SHARE);
  const budget = remainingMs - margin;
  const endsAt = clock.now() + remainingMs;
  const controller = new AbortController();
  const ended = new AbortController();
  // This timer keeps the process alive. A handler may wait for what nothing will ever settle, and when nothing else is pending, Lambda
  // takes the empty event loop for the end of the invocation: https://github.com/aws/aws-lambda-nodejs-runtime-interface-client
  const expired = clock.sleep(budget, { signal: ended.signal }).then(() => {
    const error = new DeadlineExceededError(Math.round(budget));
    controller.abort(error);
    throw error;
  });
  // Prevents an unhandled rejection when nobody waits, or when the batch has ended before. Whoever waits gets the error through race().
  expired.catch(() => undefined);
  return {
    endsAt,
    handlersEndAt: endsAt - margin,
    publishingEndsAt: endsAt - margin * AFTER_PUBLISHING_SHARE,
    settlingEndsAt: endsAt - margin * AFTER_SETTLING_SHARE,
    requestsEndAt: endsAt - margin * AFTER_REQUESTS_SHARE,
    passed: () => clock.now() >= endsAt - margin,
    signal: controller.signal,
    race: (work) => Promise.race([work, expired]),
    end: () => ended.abort(),
  };
}

/** Epoch milliseconds at which half of the time until a limit is over, so that what comes after has the other half. */
export function halfwayTo(clock: Clock, limit: number): number {
  return (clock.now() + limit) / 2;
}

/**
 * Waits for a request until a time limit, so that a service that does not answer cannot hold up the other events of the batch.
 *
 * @param until epoch milliseconds at which the request's signal fires
 * @param what the request as the error names it
 * @param graceMs milliseconds after the signal in which the request may still report what it has done
 * @throws OutOfTimeError when there is no answer in time; the request may still be executed
 */
export async function withinTime<T>(
  clock: Clock,
  until: number,
  request: (signal: AbortSignal) => Promise<T>,
  what: string,
  graceMs = 0,
): Promise<T> {
  const answered = new AbortController();
  const late = new AbortController();
  const { signal } = answered;
  const timeout = clock.sleep(Math.max(0, until - clock.now()), { ref: false, signal }).then(async () => {
    const error = new OutOfTimeError(what);
    late.abort(error);
    if (graceMs > 0) await clock.sleep(graceMs, { ref: false, signal });
    throw error;
  });
  // It rejects when the answer comes first, because its sleep is cancelled. Nobody waits for it then.
  timeout.catch(() => undefined);
  try {
    return await Promise.race([request(late.signal), timeout]);
  } finally {
    answered.abort();
  }
}
