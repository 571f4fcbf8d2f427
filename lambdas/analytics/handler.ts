import { consume } from 'fanfare/runtime';
import { analytics } from './consumer.ts';
import { countOrder } from './count-order.ts';

/** Counts every order exactly once, per day (UTC) and SKU. */
export const handler = consume(analytics, {
  'shop.OrderPlaced': async (event, ctx) => {
    await ctx.commit(countOrder(ctx.tables.counts, dayOf(event.time), event.data.lines));
  },
});

/** The UTC day of an event. One without a time (it is optional in CloudEvents) counts for the day it is read. */
function dayOf(time: string | undefined): string {
  const moment = time === undefined ? new Date() : new Date(time);
  return moment.toISOString().slice(0, 10);
}
