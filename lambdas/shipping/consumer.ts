import { defineConsumer } from 'fanfare/contracts';
import { InventoryReserved, ShipmentCreated } from '../../events/shop.ts';

export const shipping = defineConsumer({
  name: 'shipping',
  description: 'Makes a shipment of every order whose stock is reserved.',
  listensTo: [InventoryReserved],
  emits: [ShipmentCreated],
  effects: 'commit',
  tables: { shipments: { partitionKey: 'orderId' } },
});
