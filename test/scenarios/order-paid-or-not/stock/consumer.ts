import { defineConsumer } from '../../../../lib/contracts/define-consumer.ts';
import { StockRefused, StockRequested, StockReserved, StockReturnRequested } from '../events.ts';

/** What is there of each article at first. */
export const OPENING_STOCK = 10;

export const stock = defineConsumer({
  name: 'stock',
  description: 'Puts goods aside for orders.',
  listensTo: [StockRequested, StockReturnRequested],
  emits: [StockReserved, StockRefused],
  effects: 'commit',
  tables: { stock: { partitionKey: 'sku' } },
});
