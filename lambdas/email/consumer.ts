import { defineConsumer } from 'fanfare/contracts';
import { OrderConfirmationSent, OrderPlaced } from '../../events/shop.ts';

export const email = defineConsumer({
  name: 'email',
  description: 'Sends the customer a confirmation of the order.',
  listensTo: [OrderPlaced],
  emits: [OrderConfirmationSent],
});
