import { consume } from '../../../lib/runtime/consume.ts';
import { putItem } from '../../../lib/runtime/writes/writes.ts';
import { orders } from './consumers.ts';
import { PaymentTimedOut } from './events.ts';

export const handler = consume(orders, {
  'later.OrderPlaced': async ({ data }, ctx) => {
    ctx.emit(PaymentTimedOut, data, { in: data.seconds, key: data.orderId });
    await ctx.commit([putItem(ctx.tables.entries, { id: data.orderId })]);
  },
  'later.PaymentReceived': async ({ data }, ctx) => {
    ctx.cancel(data.orderId);
    await ctx.commit([]);
  },
});
