import { defineConsumer } from '../../../../lib/contracts/define-consumer.ts';
import { OrderCancelled } from '../events.ts';

export const customers = defineConsumer({
  name: 'customers',
  description: 'Tells customers that their orders have come to nothing.',
  listensTo: [OrderCancelled],
  effects: 'commit',
  tables: { messages: { partitionKey: 'orderId' } },
});
