import { isTransient } from '../../aws/transient.ts';
import { reasonOf } from '../../contracts/text/error-reason.ts';
import { DeadlineExceededError, TransientError } from '../errors.ts';

/** Two writers at one item: they say nothing about what the handler calls. */
const CONTENTION: ReadonlySet<string> = new Set([
  'TransactionConflict',
  'TransactionConflictException',
  'TransactionInProgressException',
]);

/** Whether a failure looks as if what the handler calls were down: it may be the same for every event. */
export function isOutageLike(error: Error): boolean {
  try {
    if (error instanceof TransientError || error instanceof DeadlineExceededError) return true;
    return isTransient(error) && !CONTENTION.has(reasonOf(error).name);
  } catch {
    // An error that throws when it is read. Nothing is known of it.
    return false;
  }
}
