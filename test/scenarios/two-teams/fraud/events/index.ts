import { defineEvent } from 'fanfare/contracts';
import * as z from 'zod';

export const OrderFlagged = defineEvent({
  type: 'fraud.OrderFlagged',
  version: 1,
  description: 'An order looks like fraud.',
  data: z.object({ orderId: z.string(), reason: z.string() }),
});
