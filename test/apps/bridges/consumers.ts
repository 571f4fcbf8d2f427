import { defineConsumer } from '../../../lib/contracts/define-consumer.ts';
import { InvoiceStored, PaymentReceived } from './events.ts';

export const warehouse = defineConsumer({
  name: 'warehouse',
  description: 'Puts payments on the EventBridge bus of the warehouse.',
  listensTo: [PaymentReceived],
});

export const ledger = defineConsumer({
  name: 'ledger',
  description: 'Counts payments and invoices.',
  listensTo: [PaymentReceived, InvoiceStored],
  effects: 'commit',
  tables: { entries: { partitionKey: 'id' } },
});
