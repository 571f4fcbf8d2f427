import { defineConsumer } from '../../../../lib/contracts/define-consumer.ts';
import { PaymentAccepted, PaymentDeclined, PaymentRequested, RefundRequested } from '../events.ts';

export const payments = defineConsumer({
  name: 'payments',
  description: 'Takes money for orders, and gives it back.',
  listensTo: [PaymentRequested, RefundRequested],
  emits: [PaymentAccepted, PaymentDeclined],
  emitsLater: true,
  effects: 'commit',
  tables: { payments: { partitionKey: 'orderId' } },
});
