import { OrderPlaced } from '../../events/shop.ts';
import { defineConsumer } from '../../lib/contracts/define-consumer.ts';

export const analytics = defineConsumer({
  name: 'analytics',
  description: 'Counts what is ordered, per day and SKU.',
  listensTo: [OrderPlaced],
  effects: 'commit',
  tables: { counts: { partitionKey: 'day', sortKey: 'sku' } },
});
