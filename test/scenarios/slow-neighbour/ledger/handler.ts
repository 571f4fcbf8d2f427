import { consume } from '../../../../lib/runtime/consume.ts';
import { ledger } from './consumer.ts';

export const handler = consume(ledger, {
  'market.InvoiceIssued': ({ data }, ctx) =>
    ctx.commit([
      {
        Update: {
          TableName: ctx.tables.entries,
          Key: { listingId: { S: data.listingId } },
          UpdateExpression: 'SET invoiceNumber = :number ADD effects :one',
          ExpressionAttributeValues: { ':number': { S: data.invoiceNumber }, ':one': { N: '1' } },
        },
      },
    ]),
});
