import { consume } from '../../../../lib/runtime/consume.ts';
import { OrderPaid } from '../events.ts';
import { payments } from './consumer.ts';

export const handler = consume(payments, {
  'cafe.OrderTaken': async ({ data }, ctx) => {
    if (data.customer === 'grace' && data.order === 1 && ctx.attempt < 3) {
      throw new Error("Grace's card is not read");
    }
    ctx.emit(OrderPaid, data);
    await ctx.commit([]);
  },
});
