import type { DataOf } from '../../../lib/contracts/define-event.ts';
import { PermanentError } from '../../../lib/runtime/errors.ts';
import type { FaultRequested } from './events.ts';

/** Fails as an event asks for; `...-once` only at its first attempt. */
export async function misbehave({ fault }: DataOf<typeof FaultRequested>, attempt: number): Promise<void> {
  if (fault === 'throw') throw new Error('it always fails');
  if (fault === 'give-up') throw new PermanentError('it can never succeed');
  if (fault === 'exit') process.exit(1);
  if (fault === 'reject') void Promise.reject(new Error('nobody awaits this'));
  if (fault === 'reject') await new Promise((resolve) => setTimeout(resolve, 100));
  if (attempt > 1) return;
  if (fault === 'throw-once') throw new Error('it fails once');
  if (fault === 'exit-once') process.exit(1);
  if (fault === 'hang-once') await new Promise(() => undefined);
  while (fault === 'spin-once') {
    // Takes the event loop away, so that not even the runtime's own deadline can fire.
  }
}
