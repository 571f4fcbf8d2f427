import { consume, putItem } from 'fanfare/runtime';
import { invoices } from './consumers.ts';

export const handler = consume(invoices, {
  'shop.OrderPlaced': async (event, ctx) => {
    const { customerId } = await event.resolve();
    await ctx.commit([putItem(ctx.tables.notes, { id: event.id, note: `invoice for ${customerId}` })]);
  },
});
