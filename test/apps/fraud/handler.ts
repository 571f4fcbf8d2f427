import { consume } from '../../../lib/runtime/consume.ts';
import { fraudCheck, OrderFlagged } from './consumer.ts';

export const handler = consume(fraudCheck, {
  'shop.OrderPlaced': ({ data: { orderId } }, ctx) => {
    ctx.emit(OrderFlagged, { orderId }, { subject: orderId });
  },
});
