import { defineConsumer } from 'fanfare/contracts';
import { OrderPlaced } from '../../events/shop.ts';

export const analytics = defineConsumer({
  name: 'analytics',
  description: 'Counts what is ordered, per day and SKU.',
  listensTo: [OrderPlaced],
  effects: 'commit',
  tables: { counts: { partitionKey: 'day', sortKey: 'sku' } },
});
