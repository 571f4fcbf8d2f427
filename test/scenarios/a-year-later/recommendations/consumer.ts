import { defineConsumer } from '../../../../lib/contracts/define-consumer.ts';
import { OrderPlaced } from '../contracts/index.ts';

export const recommendations = defineConsumer({
  name: 'recommendations',
  description: 'Learns what goes well together, from every order that was ever placed.',
  listensTo: [OrderPlaced],
  effects: 'commit',
  tables: { learned: { partitionKey: 'orderId' } },
  startFrom: 'beginning',
});
