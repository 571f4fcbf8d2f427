import { defineConsumer } from '../../../../lib/contracts/define-consumer.ts';
import { CoffeeMade, OrderPaid } from '../events.ts';

export const barista = defineConsumer({
  name: 'barista',
  description: 'Makes what has been paid for.',
  listensTo: [OrderPaid],
  emits: [CoffeeMade],
  tables: { coffees: { partitionKey: 'cup' } },
  timeoutSeconds: 5,
  retry: { firstDelaySeconds: 1, maxDelaySeconds: 1 },
});
