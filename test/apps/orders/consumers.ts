import { defineConsumer } from 'fanfare/contracts';
import {
  InventoryRejected,
  InventoryReserved,
  OrderConfirmationSent,
  OrderPlaced,
  ShipmentCreated,
  StockReceived,
} from './events/index.ts';

export const analytics = defineConsumer({
  name: 'analytics',
  description: 'Counts what is ordered, per day and SKU.',
  listensTo: [OrderPlaced],
  effects: 'commit',
  tables: { counts: { partitionKey: 'day', sortKey: 'sku' } },
});

export const email = defineConsumer({
  name: 'email',
  description: 'Sends the customer a confirmation of the order.',
  listensTo: [OrderPlaced],
  emits: [OrderConfirmationSent],
});

export const inventory = defineConsumer({
  name: 'inventory',
  description: 'Keeps the stock, and puts aside what is ordered.',
  listensTo: [OrderPlaced, StockReceived],
  emits: [InventoryReserved, InventoryRejected],
  effects: 'commit',
  tables: { stock: { partitionKey: 'sku' }, reservations: { partitionKey: 'orderId' } },
});

export const shipping = defineConsumer({
  name: 'shipping',
  description: 'Makes a shipment of every order whose stock is reserved.',
  listensTo: [InventoryReserved],
  emits: [ShipmentCreated],
  effects: 'commit',
  tables: { shipments: { partitionKey: 'orderId' } },
});
