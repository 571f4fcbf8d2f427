import { consume } from '../../../lib/runtime/consume.ts';
import { billing } from './consumer.ts';

export const handler = consume(billing, {
  'shop.OrderPlaced': async ({ data }, ctx) => {
    const [stripeKey, taxKey] = await Promise.all([ctx.secret('stripeKey'), ctx.secret('taxKey')]);
    ctx.logger.info('charging', { order: data.orderId });
    await ctx.commit([
      {
        Put: {
          TableName: ctx.tables.charges,
          Item: {
            orderId: { S: data.orderId },
            with: { S: `${stripeKey} ${taxKey} ${process.env.CURRENCY} ${process.env.DATABASE}` },
          },
        },
      },
    ]);
  },
});
