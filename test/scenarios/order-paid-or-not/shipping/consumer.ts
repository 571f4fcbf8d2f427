import { defineConsumer } from '../../../../lib/contracts/define-consumer.ts';
import { ShipmentRequested } from '../events.ts';

export const shipping = defineConsumer({
  name: 'shipping',
  description: 'Ships paid orders.',
  listensTo: [ShipmentRequested],
  effects: 'commit',
  tables: { shipments: { partitionKey: 'orderId' } },
});
