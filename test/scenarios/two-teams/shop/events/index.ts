import { defineEvent } from 'fanfare/contracts';
import * as z from 'zod';

export const OrderPlaced = defineEvent({
  type: 'shop.OrderPlaced',
  version: 1,
  description: 'A customer has placed an order.',
  data: z.object({ orderId: z.string(), totalCents: z.int() }),
});
