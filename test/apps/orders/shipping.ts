import { consume } from 'fanfare/runtime';
import { shipping } from './consumers.ts';
import { ShipmentCreated } from './events/index.ts';

export const handler = consume(shipping, {
  'shop.InventoryReserved': async ({ data: { orderId } }, ctx) => {
    const shipmentId = `shipment-${orderId}`;
    const Item = { orderId: { S: orderId }, shipmentId: { S: shipmentId } };
    ctx.emit(ShipmentCreated, { orderId, shipmentId, parcels: 1 }, { subject: orderId });
    await ctx.commit([{ Put: { TableName: ctx.tables.shipments, Item } }]);
  },
});
