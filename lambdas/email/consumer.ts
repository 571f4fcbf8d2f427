import { OrderConfirmationSent, OrderPlaced } from '../../events/shop.ts';
import { defineConsumer } from '../../lib/contracts/define-consumer.ts';

export const email = defineConsumer({
  name: 'email',
  description: 'Sends the customer a confirmation of the order.',
  listensTo: [OrderPlaced],
  emits: [OrderConfirmationSent],
});
