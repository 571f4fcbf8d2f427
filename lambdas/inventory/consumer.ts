import { defineConsumer } from 'fanfare/contracts';
import { InventoryRejected, InventoryReserved, OrderPlaced, StockReceived } from '../../events/shop.ts';

export const inventory = defineConsumer({
  name: 'inventory',
  description: 'Keeps the stock, and puts aside what is ordered.',
  listensTo: [OrderPlaced, StockReceived],
  emits: [InventoryReserved, InventoryRejected],
  effects: 'commit',
  tables: {
    stock: { partitionKey: 'sku' },
    reservations: { partitionKey: 'orderId' },
  },
});
