import type { Handlers } from '../../../../lib/runtime/consume.ts';
import { putItem } from '../../../../lib/runtime/writes/writes.ts';
import type { shipping } from './consumer.ts';

export const handlers: Handlers<typeof shipping> = {
  'shop.ShipmentRequested': ({ data }, ctx) =>
    ctx.commit([
      putItem(ctx.tables.shipments, { ...data }, { ConditionExpression: 'attribute_not_exists(orderId)' }),
    ]),
};
