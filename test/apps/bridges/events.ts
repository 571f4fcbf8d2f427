import * as z from 'zod';
import { defineEvent } from '../../../lib/contracts/define-event.ts';

export const PaymentReceived = defineEvent({
  type: 'payments.PaymentReceived',
  version: 1,
  description: 'A customer has paid for an order.',
  data: z.object({ orderId: z.string(), totalMinor: z.int() }),
});

export const InvoiceStored = defineEvent({
  type: 'payments.InvoiceStored',
  version: 1,
  description: 'The invoice of an order is in the bucket.',
  data: z.object({ key: z.string(), bytes: z.int() }),
});
