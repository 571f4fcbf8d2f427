import * as z from 'zod';
import { defineEvent } from '../../../lib/contracts/define-event.ts';

const order = z.object({ customer: z.string(), order: z.int(), drink: z.string() });

export const OrderTaken = defineEvent({
  type: 'cafe.OrderTaken',
  version: 1,
  description: 'The cashier has taken an order.',
  data: order,
});

export const OrderPaid = defineEvent({
  type: 'cafe.OrderPaid',
  version: 1,
  description: 'The order has been paid.',
  internal: true,
  data: order,
});

export const CoffeeMade = defineEvent({
  type: 'cafe.CoffeeMade',
  version: 1,
  description: 'The barista has made the coffee.',
  internal: true,
  data: order,
});
