import { InventoryReserved, ShipmentCreated } from '../../events/shop.ts';
import { defineConsumer } from '../../lib/contracts/define-consumer.ts';

export const shipping = defineConsumer({
  name: 'shipping',
  description: 'Makes a shipment of every order whose stock is reserved.',
  listensTo: [InventoryReserved],
  emits: [ShipmentCreated],
  effects: 'commit',
  tables: { shipments: { partitionKey: 'orderId' } },
});
