import { consume } from 'fanfare/runtime';
import { OrderFlagged } from '../../events/index.ts';
import { fraudCheck } from './consumer.ts';

const SUSPICIOUS_CENTS = 100_000;

export const handler = consume(fraudCheck, {
  'shop.OrderPlaced': async ({ data: { orderId, totalCents } }, ctx) => {
    if (totalCents >= SUSPICIOUS_CENTS) ctx.emit(OrderFlagged, { orderId, reason: 'a large total' });
  },
});
