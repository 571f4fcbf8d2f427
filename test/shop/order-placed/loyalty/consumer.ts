import { OrderPlaced } from '../../../../events/shop.ts';
import { defineConsumer } from '../../../../lib/contracts/define-consumer.ts';

export const loyalty = defineConsumer({
  name: 'loyalty',
  description: 'Tells the points service of every order.',
  listensTo: [OrderPlaced],
  timeoutSeconds: 5,
  // The story is of what happens without one: see test/scenarios/neighbour-down for what it does.
  breaker: false,
  retry: { maxAttempts: 5, firstDelaySeconds: 1, maxDelaySeconds: 1 },
});
