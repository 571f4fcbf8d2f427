import * as z from 'zod';
import { defineEvent } from '../../../../lib/contracts/define-event.ts';

/** Its data says what becomes of it at the courier. */
export const ParcelSent = defineEvent({
  type: 'post.ParcelSent',
  version: 1,
  description: 'A parcel has been sent.',
  data: z.object({
    parcelId: z.string(),
    courier: z.enum(['works', 'fails', 'refuses']),
    country: z.string(),
  }),
});

export const ParcelReturned = defineEvent({
  type: 'post.ParcelReturned',
  version: 1,
  description: 'A parcel has come back.',
  data: z.object({ parcelId: z.string() }),
});
