import type { Handlers } from '../../../../lib/runtime/consume.ts';
import type { TableName } from '../../../../lib/runtime/writes/table-name.ts';
import { updateItem } from '../../../../lib/runtime/writes/writes.ts';
import { PaymentAccepted, PaymentDeclined } from '../events.ts';
import { PAYMENT_SECONDS } from '../orders/consumer.ts';
import type { payments } from './consumer.ts';

/** Counts what was paid for an order, or given back. */
const paid = (table: TableName<'orderId'>, orderId: string, minor: number) =>
  updateItem(
    table,
    { orderId },
    { UpdateExpression: 'ADD paidMinor :minor', ExpressionAttributeValues: { ':minor': minor } },
  );

export const handlers: Handlers<typeof payments> = {
  'shop.PaymentRequested': async ({ data: { orderId, totalMinor, card } }, ctx) => {
    // What is prepaid was paid elsewhere.
    if (card === 'silent' || card === 'prepaid') return;
    if (card === 'declined') return void ctx.emit(PaymentDeclined, { orderId });
    // The money is taken; of a late card, the shop hears when it no longer waits.
    const late = card === 'late' ? { in: PAYMENT_SECONDS + 2 } : {};
    ctx.emit(PaymentAccepted, { orderId, totalMinor }, late);
    await ctx.commit([paid(ctx.tables.payments, orderId, totalMinor)]);
  },
  'shop.RefundRequested': ({ data: { orderId, totalMinor } }, ctx) =>
    ctx.commit([paid(ctx.tables.payments, orderId, -totalMinor)]),
};
