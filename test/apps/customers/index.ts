import { defineEvent } from 'fanfare/contracts';
import * as z from 'zod';

/** An event whose data names the person, in each version elsewhere. */
export const OrderPlaced = defineEvent({
  type: 'shop.OrderPlaced',
  version: 2,
  description: 'A customer has placed an order.',
  data: z.object({ orderId: z.string(), customerId: z.string(), email: z.string() }),
  personal: { subject: '/customerId' },
  links: ['https://orders.example.com/data/'],
  earlier: [
    {
      version: 1,
      data: z.object({ orderId: z.string(), customer: z.object({ id: z.string(), email: z.string() }) }),
      personal: { subject: '/customer/id' },
      upcast: ({ orderId, customer }) => ({ orderId, customerId: customer.id, email: customer.email }),
    },
  ],
});

/** An event that names the person in its attribute `subject`. */
export const LetterSent = defineEvent({
  type: 'shop.LetterSent',
  version: 1,
  description: 'A letter was sent to a customer.',
  data: z.object({ text: z.string() }),
});
