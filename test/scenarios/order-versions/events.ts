import * as z from 'zod';
import { defineEvent } from '../../../lib/contracts/define-event.ts';

/** The order as everybody knew it once. It stays a contract of its own while somebody still takes only this. */
export const OrderPlacedV1 = defineEvent({
  type: 'shop.OrderPlaced',
  version: 1,
  description: 'A customer has placed an order on the web.',
  data: z.object({ orderId: z.string() }),
});

/** The order since there are stores. */
export const OrderPlaced = defineEvent({
  type: 'shop.OrderPlaced',
  version: 2,
  description: 'A customer has placed an order, on the web or in a store.',
  data: z.object({ orderId: z.string(), channel: z.enum(['web', 'store']) }),
  earlier: [
    {
      version: 1,
      data: OrderPlacedV1.schema,
      upcast: (data) => {
        if (data.orderId.startsWith('fax')) throw new Error('nobody knows the channel of a fax');
        return { ...data, channel: 'web' };
      },
    },
  ],
});
