import * as z from 'zod';
import { defineEvent } from '../../../lib/contracts/define-event.ts';

const data = z.object({ orderId: z.string(), seconds: z.int().default(1) });

export const OrderPlaced = defineEvent({
  type: 'later.OrderPlaced',
  version: 1,
  description: 'Somebody has to pay within some seconds.',
  data,
});
export const PaymentReceived = defineEvent({
  type: 'later.PaymentReceived',
  version: 1,
  description: 'Somebody has paid.',
  data,
});
export const PaymentTimedOut = defineEvent({
  type: 'later.PaymentTimedOut',
  version: 1,
  description: 'Nobody has paid in time.',
  data,
  schedule: { expression: 'rate(1 day)', data: { orderId: 'of the day', seconds: 1 } },
});
