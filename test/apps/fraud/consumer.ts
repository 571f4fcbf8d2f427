import * as z from 'zod';
import { defineConsumer } from '../../../lib/contracts/define-consumer.ts';
import { defineEvent } from '../../../lib/contracts/define-event.ts';
import { oneOf } from '../../../lib/contracts/where.ts';
import { OrderPlaced } from '../orders/events/shop.ts';

/** Of an app that has no bus: it goes to the bus that its consumer listens to. */
export const OrderFlagged = defineEvent({
  type: 'fraud.OrderFlagged',
  version: 1,
  description: 'An order looks like fraud.',
  internal: true,
  data: z.object({ orderId: z.string() }),
});

export const fraudCheck = defineConsumer({
  name: 'fraud-check',
  description: 'Flags orders in euros.',
  listensTo: [OrderPlaced],
  where: { 'shop.OrderPlaced': { currency: oneOf('EUR') } },
  emits: [OrderFlagged],
});
