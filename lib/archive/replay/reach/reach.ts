import { MIN_IDEMPOTENCY_DAYS } from '../../../contracts/delivery/record-life.ts';
import type { ReplayRequest } from '../replay-state.ts';

/** Thrown when a consumer may no longer know what it did with the events of a fill, and would act on them twice. */
export class ForgottenError extends Error {
  override readonly name = 'ForgottenError';
}

/** What decides how far back a replay may reach. */
export type Remembered = Pick<ReplayRequest, 'mode' | 'knowsSince'>;

const DAY_MS = 86_400_000;
const SURE_MS = MIN_IDEMPOTENCY_DAYS * DAY_MS;
/** Left over when a fill begins: it takes some time, and may be paused. */
const SPARE_MS = DAY_MS;

/**
 * The arrival of the first event that a replay may send at a moment.
 *
 * A record lives for as many days as the definition said when it was written, which nobody knows later: it was at least the number that every
 * consumer must have. A consumer whose table is younger than that has a record of everything that it ever did. What is repeated on purpose
 * needs no records.
 *
 * @param now epoch milliseconds
 * @returns epoch milliseconds; minus infinity when it may send everything
 */
export function reachOf({ mode, knowsSince }: Remembered, now: number): number {
  const sure = now - SURE_MS;
  return mode === 'again' || knowsSince >= sure ? Number.NEGATIVE_INFINITY : sure;
}

/**
 * Whoever starts a replay asks this first.
 *
 * @param now epoch milliseconds
 * @param remedy what to do instead, which the error says
 * @throws ForgottenError when it begins before what the consumer is sure to know for a day longer
 */
export function requireReach(
  request: Remembered & Pick<ReplayRequest, 'consumer' | 'from'>,
  now: number,
  remedy: string,
): void {
  const reach = reachOf(request, now + SPARE_MS);
  if (request.from >= reach) return;
  throw new ForgottenError(
    `${request.consumer} may no longer know what it did before ${timeOf(reach)}, and would act on it twice: records are sure to live for ` +
      `${MIN_IDEMPOTENCY_DAYS} days, and a replay needs one of them for itself; ${remedy}`,
  );
}

/**
 * Why a replay that has begun may not send what is left.
 *
 * @param left arrival of the earliest event that is left, in epoch milliseconds
 * @param now epoch milliseconds
 * @returns undefined when it may
 */
export function describeForgotten(
  state: Remembered & Pick<ReplayRequest, 'consumer' | 'to'>,
  left: number,
  now: number,
): string | undefined {
  const reach = reachOf(state, now);
  if (left >= reach) return undefined;
  // A replay that is started instead needs its time too.
  const [oldest, next] = [timeOf(left), timeOf(Math.min(reachOf(state, now + SPARE_MS), state.to))];
  return (
    `${state.consumer} may no longer know what it did before ${timeOf(reach)}, and what is left begins at ${oldest}: it would act on it twice. ` +
    `Cancel this replay; start another one with a --from after ${next}, and one with --again --from ${oldest} --to ${next} if what it has done then may be repeated`
  );
}

function timeOf(moment: number): string {
  return new Date(moment).toISOString();
}
