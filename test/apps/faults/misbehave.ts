import type { DataOf } from '../../../lib/contracts/define-event.ts';
import { PermanentFailure } from '../../../lib/runtime/failures.ts';
import type { FaultRequested } from './events.ts';

/** Fails as an event asks for; `...-once` only the first time that its message is delivered. */
export async function misbehave({ fault }: DataOf<typeof FaultRequested>, attempt: number): Promise<void> {
  if (fault === 'throw') throw new Error('it always fails');
  if (fault === 'give-up') throw new PermanentFailure('it can never succeed');
  if (attempt > 1) return;
  if (fault === 'throw-once') throw new Error('it fails once');
  if (fault === 'exit-once') process.exit(1);
  if (fault === 'hang-once') await new Promise(() => undefined);
  while (fault === 'spin-once') {
    // Takes the event loop away, so that not even the runtime's own deadline can fire.
  }
}
