import * as z from 'zod';
import { defineEvent } from '../../../lib/contracts/define-event.ts';

export const ListingViewed = defineEvent({
  type: 'market.ListingViewed',
  version: 1,
  description: 'Somebody has looked at a listing.',
  data: z.object({ listingId: z.string() }),
});

export const ListingSold = defineEvent({
  type: 'market.ListingSold',
  version: 1,
  description: 'A listing has found its buyer.',
  data: z.object({ listingId: z.string() }),
});

export const InvoiceIssued = defineEvent({
  type: 'market.InvoiceIssued',
  version: 1,
  description: 'The invoice service has issued the invoice of a sale.',
  internal: true,
  data: z.object({ listingId: z.string(), invoiceNumber: z.string() }),
});
