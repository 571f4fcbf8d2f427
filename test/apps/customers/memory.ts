import { consume, putItem } from 'fanfare/runtime';
import { memory } from './consumers.ts';

export const handler = consume(memory, {
  'shop.OrderPlaced': async (event, ctx) => {
    const note = event.erased === undefined ? (await event.resolve()).customerId : `erased ${event.erased}`;
    await ctx.commit([putItem(ctx.tables.notes, { id: event.id, note })]);
  },
});
