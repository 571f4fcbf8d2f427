import { setTimeout as sleep } from 'node:timers/promises';

const PAUSE_MS = 25;

/**
 * Waits until something is so.
 *
 * @param explain said in the error, asked when it is over
 * @throws Error after so many seconds, with the last error of the check as its cause
 */
export async function waitUntil(
  check: () => boolean | Promise<boolean>,
  timeoutSeconds: number,
  explain: () => string | Promise<string>,
): Promise<void> {
  const giveUpAt = performance.now() + timeoutSeconds * 1000;
  for (;;) {
    let cause: unknown;
    try {
      if (await check()) return;
    } catch (error) {
      // An expectation that does not hold yet: the last one is told if it never does.
      cause = error;
    }
    if (performance.now() > giveUpAt)
      throw new Error(`after ${timeoutSeconds} seconds ${await explain()}`, { cause });
    await sleep(PAUSE_MS);
  }
}
