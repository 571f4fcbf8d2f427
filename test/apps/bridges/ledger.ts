import type { Envelope } from '../../../lib/contracts/envelope/envelope.ts';
import { consume } from '../../../lib/runtime/consume.ts';
import type { HandlerContext } from '../../../lib/runtime/handling/handler-context.ts';
import { updateItem } from '../../../lib/runtime/writes/writes.ts';
import { ledger } from './consumers.ts';

/** Keeps the event, and how often it has come. */
const count = async (event: Envelope, ctx: HandlerContext<typeof ledger>): Promise<void> => {
  const { id, source, subject = '', time = '', type, producer = '', correlationid = '', data } = event;
  await ctx.commit([
    updateItem(
      ctx.tables.entries,
      { id },
      {
        UpdateExpression: 'SET event = :event ADD times :one',
        ExpressionAttributeValues: {
          ':event': JSON.stringify({ source, subject, time, type, producer, correlationid, data }),
          ':one': 1,
        },
      },
    ),
  ]);
};

export const handler = consume(ledger, {
  'payments.PaymentReceived': count,
  'payments.InvoiceStored': count,
});
