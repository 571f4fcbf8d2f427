// Written by 'fanfare contracts import' from "../shop/events/schemas". The next import overwrites what you change here.
import { defineEvent } from 'fanfare/contracts';
import * as z from 'zod';

export const OrderPlaced = defineEvent({
  type: 'shop.OrderPlaced',
  version: 1,
  description: 'A customer has placed an order.',
  data: z.object({ orderId: z.string(), totalCents: z.int() }),
});
