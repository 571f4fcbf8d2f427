import { requireEnvironment } from '../../../../lib/aws/require-environment.ts';
import { consume } from '../../../../lib/runtime/consume.ts';
import { InvoiceIssued } from '../events.ts';
import { invoicing } from './consumer.ts';

const service = requireEnvironment('INVOICE_SERVICE');

export const handler = consume(invoicing, {
  'market.ListingSold': async ({ id, data: { listingId } }, ctx) => {
    const response = await fetch(service, {
      method: 'POST',
      // The event's id as the idempotency key: however often this is tried, it is one invoice.
      headers: { 'idempotency-key': id, 'x-begun-at': String(Date.now()) },
      body: listingId,
      signal: ctx.signal,
    });
    if (!response.ok) throw new Error(`the invoice service answered ${response.status}`);
    const invoiceNumber = await response.text();
    ctx.emit(InvoiceIssued, { listingId, invoiceNumber });
    await ctx.commit([
      {
        Update: {
          TableName: ctx.tables.invoices,
          Key: { listingId: { S: listingId } },
          UpdateExpression: 'SET invoiceNumber = :number ADD effects :one',
          ExpressionAttributeValues: { ':number': { S: invoiceNumber }, ':one': { N: '1' } },
        },
      },
    ]);
  },
});
