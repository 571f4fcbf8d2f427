import * as z from 'zod';
import { defineEvent } from '../../../lib/contracts/define-event.ts';

export const Asked = defineEvent({
  type: 'chaos.Asked',
  version: 1,
  description: 'Somebody has asked.',
  data: z.object({ question: z.int() }),
});

export const Answered = defineEvent({
  type: 'chaos.Answered',
  version: 1,
  description: 'The question has been answered.',
  internal: true,
  data: z.object({ question: z.int() }),
});
