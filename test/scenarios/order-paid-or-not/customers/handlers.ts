import type { Handlers } from '../../../../lib/runtime/consume.ts';
import { putItem } from '../../../../lib/runtime/writes/writes.ts';
import type { customers } from './consumer.ts';

export const handlers: Handlers<typeof customers> = {
  'shop.OrderCancelled': ({ data: { orderId, reason } }, ctx) =>
    ctx.commit([
      putItem(
        ctx.tables.messages,
        { orderId, text: `Your order has come to nothing: ${reason}.` },
        { ConditionExpression: 'attribute_not_exists(orderId)' },
      ),
    ]),
};
