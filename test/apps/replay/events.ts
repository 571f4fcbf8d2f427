import * as z from 'zod';
import { defineEvent } from '../../../lib/contracts/define-event.ts';

const data = z.object({ n: z.int(), colour: z.enum(['red', 'blue']), text: z.string().optional() });

export const NoteTaken = defineEvent({
  type: 'notes.NoteTaken',
  version: 1,
  description: 'Somebody has taken a note.',
  data,
});

export const NoteDropped = defineEvent({
  type: 'notes.NoteDropped',
  version: 1,
  description: 'Somebody has dropped a note.',
  data,
});
