import * as z from 'zod';
import { defineEvent } from '../../../lib/contracts/define-event.ts';

/** Asks its handler to misbehave in a certain way. */
export const FaultRequested = defineEvent({
  type: 'test.FaultRequested',
  version: 1,
  description: 'A handler has been asked to fail in this way.',
  data: z.object({
    fault: z.enum([
      'none',
      'throw-once',
      'throw',
      'give-up',
      'exit-once',
      'spin-once',
      'hang-once',
      'exit',
      'reject',
    ]),
  }),
});
