import * as z from 'zod';
import { defineEvent } from '../../../lib/contracts/define-event.ts';

/** The contract of the events here, as Fanfare has it. */
export const AskedEvent = defineEvent({
  type: 'bench.Asked',
  version: 1,
  description: 'Asked.',
  data: z.object({ fail: z.boolean() }),
});
