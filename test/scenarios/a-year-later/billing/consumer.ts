import { defineConsumer } from '../../../../lib/contracts/define-consumer.ts';
import { OrderPlaced } from '../contracts/index.ts';

export const billing = defineConsumer({
  name: 'billing',
  description: 'Bills every order when it is placed.',
  listensTo: [OrderPlaced],
  effects: 'commit',
  tables: { bills: { partitionKey: 'orderId' } },
});
