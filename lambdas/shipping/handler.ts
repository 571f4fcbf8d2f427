import { consume, putItem } from 'fanfare/runtime';
import { ShipmentCreated } from '../../events/shop.ts';
import { shipping } from './consumer.ts';

const ITEMS_PER_PARCEL = 10;

/** Makes one shipment of every reserved order, and tells of it in the same transaction. */
export const handler = consume(shipping, {
  'shop.InventoryReserved': async (event, ctx) => {
    const { orderId, lines } = event.data;
    const items = lines.reduce((sum, { quantity }) => sum + quantity, 0);
    const shipment = {
      orderId,
      shipmentId: `shipment-${orderId}`,
      parcels: Math.ceil(items / ITEMS_PER_PARCEL),
    };
    ctx.emit(ShipmentCreated, shipment, { subject: orderId });
    await ctx.commit([putItem(ctx.tables.shipments, shipment)]);
  },
});
