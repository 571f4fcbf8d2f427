import { defineConsumer } from '../../../lib/contracts/define-consumer.ts';
import { OrderPlaced, PaymentReceived, PaymentTimedOut } from './events.ts';

const common = { effects: 'commit', tables: { entries: { partitionKey: 'id' } } } as const;

export const orders = defineConsumer({
  ...common,
  name: 'orders',
  description: 'Gives everybody some seconds to pay.',
  listensTo: [OrderPlaced, PaymentReceived],
  emits: [PaymentTimedOut],
  emitsLater: true,
});

export const reminder = defineConsumer({
  ...common,
  name: 'reminder',
  description: 'Keeps what was not paid.',
  listensTo: [PaymentTimedOut],
});
