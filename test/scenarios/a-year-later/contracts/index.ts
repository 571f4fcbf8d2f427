import * as z from 'zod';
import { defineEvent } from '../../../../lib/contracts/define-event.ts';

const first = z.object({ orderId: z.string(), customerId: z.string(), sku: z.string() });
const second = first.extend({ quantity: z.int() });

/** An order, as it is since there are stores. The shop began with single things on the web. */
export const OrderPlaced = defineEvent({
  type: 'shop.OrderPlaced',
  version: 3,
  description: 'A customer has placed an order, on the web or in a store.',
  personal: { subject: '/customerId' },
  data: second.extend({ channel: z.enum(['web', 'store']) }),
  earlier: [
    { version: 1, data: first, upcast: (data) => ({ ...data, quantity: 1 }) },
    { version: 2, data: second, upcast: (data) => ({ ...data, channel: 'web' as const }) },
  ],
});
