import { reasonOf, toError } from '../../contracts/text/error-reason.ts';

/** Writes to the log. A failure to log must not return the whole batch to the queue. */
export function logSafely(write: () => void): void {
  try {
    write();
  } catch (error) {
    // The logger does not work, so this line uses the console. It contains no event.
    console.error(`telemetry failed: ${reasonOf(toError(error)).message}`);
  }
}
