import { setTimeout as sleep } from 'node:timers/promises';
import type { VirtualClock } from './virtual-clock.ts';

/** What happens on this machine at some time, and what is going on now. */
export interface TimedWork {
  readonly clock: VirtualClock;
  /** When something happens next: epoch milliseconds of the clock. Undefined when nothing is planned. */
  nextAt(): number | undefined;
  /** Called after the clock was moved: brings messages so much nearer, and sends what is due. */
  moved(milliseconds: number): Promise<void>;
  /** Whether no function runs, and no message is on its way to one. */
  isIdle(): boolean;
  /** What is still going on, for an error. */
  describe(): string;
}

const CHECK_INTERVAL_MS = 10;

/**
 * Lets time pass at once: the clock goes from one thing that is due to the next, and waits each time until all that follows from it is done.
 * So what happens in these seconds happens in its order, at its time.
 *
 * @param options.seconds how far
 * @param options.timeoutSeconds how long functions may work at each stop, in real time
 * @throws RangeError when `seconds` is no positive number
 * @throws Error that names what is still going on after the time-out
 */
export async function advance(
  work: TimedWork,
  { seconds, timeoutSeconds }: { readonly seconds: number; readonly timeoutSeconds: number },
): Promise<void> {
  if (!Number.isFinite(seconds) || seconds <= 0)
    throw new RangeError(`time goes ahead by a positive number of seconds, not by ${seconds}`);
  const { clock } = work;
  await untilIdle(work, timeoutSeconds);
  const end = clock.now() + seconds * 1000;
  for (;;) {
    const stepMs = Math.min(work.nextAt() ?? end, end) - clock.now();
    const isLast = clock.now() + stepMs >= end;
    if (stepMs > 0) clock.move(stepMs);
    await work.moved(Math.max(stepMs, 0));
    await untilIdle(work, timeoutSeconds);
    if (isLast && (work.nextAt() ?? Number.POSITIVE_INFINITY) > clock.now()) return;
  }
}

async function untilIdle(work: TimedWork, timeoutSeconds: number): Promise<void> {
  const giveUpAt = performance.now() + timeoutSeconds * 1000;
  while (!work.isIdle()) {
    if (performance.now() > giveUpAt)
      throw new Error(`time cannot go on: after ${timeoutSeconds} seconds ${work.describe()}`);
    await sleep(CHECK_INTERVAL_MS);
  }
}
