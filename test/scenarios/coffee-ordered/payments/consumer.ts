import { defineConsumer } from '../../../../lib/contracts/define-consumer.ts';
import { OrderPaid, OrderTaken } from '../events.ts';

export const payments = defineConsumer({
  name: 'payments',
  description: 'Charges the customer for every order.',
  listensTo: [OrderTaken],
  emits: [OrderPaid],
  timeoutSeconds: 5,
  retry: { firstDelaySeconds: 1, maxDelaySeconds: 1 },
});
