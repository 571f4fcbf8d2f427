import { CommitRejectedError, consume } from 'fanfare/runtime';
import { InventoryRejected, InventoryReserved } from '../../events/shop.ts';
import { inventory } from './consumer.ts';
import { addToStock, mergeBySku, recordReservation, takeFromStock } from './stock.ts';

/**
 * Takes deliveries into stock and puts orders aside, each exactly once: the stock, the reservation and the event
 * that tells of it are one transaction.
 */
export const handler = consume(inventory, {
  'shop.StockReceived': async (event, ctx) => {
    await ctx.commit(addToStock(ctx.tables.stock, mergeBySku(event.data.lines)));
  },

  'shop.OrderPlaced': async (event, ctx) => {
    const { orderId } = event.data;
    const lines = mergeBySku(event.data.lines);
    const reservation = { orderId, reservationId: `reservation-${orderId}`, lines };
    try {
      ctx.emit(InventoryReserved, reservation, { subject: orderId });
      await ctx.commit([
        ...takeFromStock(ctx.tables.stock, lines),
        recordReservation(ctx.tables.reservations, reservation),
      ]);
    } catch (error) {
      if (!(error instanceof CommitRejectedError)) throw error;
      const missing = lines.filter((_, index) => error.rejects(index)).map(({ sku }) => sku);
      // With nothing missing it was the reservation that was there already: the shop sent this order twice.
      if (missing.length > 0) ctx.emit(InventoryRejected, { orderId, missing }, { subject: orderId });
      await ctx.commit([]);
    }
  },
});
