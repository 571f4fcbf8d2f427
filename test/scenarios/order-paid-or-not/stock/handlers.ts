import type { Handlers } from '../../../../lib/runtime/consume.ts';
import { CommitRejectedError } from '../../../../lib/runtime/errors.ts';
import { updateItem } from '../../../../lib/runtime/writes/writes.ts';
import { StockRefused, StockReserved } from '../events.ts';
import { OPENING_STOCK, type stock } from './consumer.ts';

export const handlers: Handlers<typeof stock> = {
  'shop.StockRequested': async ({ data: { orderId, sku, quantity } }, ctx) => {
    ctx.emit(StockReserved, { orderId });
    try {
      await ctx.commit([
        updateItem(
          ctx.tables.stock,
          { sku },
          {
            UpdateExpression: 'SET reserved = if_not_exists(reserved, :none) + :quantity',
            ConditionExpression: 'attribute_not_exists(reserved) OR reserved <= :most',
            ExpressionAttributeValues: {
              ':none': 0,
              ':quantity': quantity,
              ':most': OPENING_STOCK - quantity,
            },
          },
        ),
      ]);
    } catch (error) {
      // There are not enough of them.
      if (!(error instanceof CommitRejectedError)) throw error;
      ctx.emit(StockRefused, { orderId });
      await ctx.commit([]);
    }
  },
  'shop.StockReturnRequested': ({ data: { sku, quantity } }, ctx) =>
    ctx.commit([
      updateItem(
        ctx.tables.stock,
        { sku },
        {
          UpdateExpression: 'SET reserved = reserved - :quantity',
          ExpressionAttributeValues: { ':quantity': quantity },
        },
      ),
    ]),
};
