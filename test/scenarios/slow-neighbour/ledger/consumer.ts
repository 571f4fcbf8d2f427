import { defineConsumer } from '../../../../lib/contracts/define-consumer.ts';
import { InvoiceIssued } from '../events.ts';

export const ledger = defineConsumer({
  name: 'ledger',
  description: 'Books the invoice of every sale.',
  listensTo: [InvoiceIssued],
  effects: 'commit',
  tables: { entries: { partitionKey: 'listingId' } },
});
