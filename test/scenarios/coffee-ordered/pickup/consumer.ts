import { defineConsumer } from '../../../../lib/contracts/define-consumer.ts';
import { CoffeeMade } from '../events.ts';

export const pickup = defineConsumer({
  name: 'pickup',
  description: 'Calls out what is ready, and keeps what it has called.',
  listensTo: [CoffeeMade],
  effects: 'commit',
  tables: { calls: { partitionKey: 'customer' } },
  timeoutSeconds: 5,
  retry: { firstDelaySeconds: 1, maxDelaySeconds: 1 },
});
