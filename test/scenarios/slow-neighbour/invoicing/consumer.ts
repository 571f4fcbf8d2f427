import { defineConsumer } from '../../../../lib/contracts/define-consumer.ts';
import { InvoiceIssued, ListingSold } from '../events.ts';

export const invoicing = defineConsumer({
  name: 'invoicing',
  description:
    'Has the invoice of every sale issued by the invoice service, which may be called five times a second.',
  listensTo: [ListingSold],
  emits: [InvoiceIssued],
  tables: { invoices: { partitionKey: 'listingId' } },
  rateLimit: { perSecond: 5 },
  timeoutSeconds: 10,
  // Patient: the invoice service is restarted now and then.
  retry: { maxAttempts: 50, firstDelaySeconds: 1, maxDelaySeconds: 2 },
});
